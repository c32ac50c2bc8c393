from collections.abc import Callable

import pytest

from alees_secrets import SecretFields, SecretsManager
from alees_secrets.django.attempts import hiding, with_secret
from alees_secrets.testing import InMemorySource
from tests.fakes.canary import CANARY, exception_texts

PATH = "database/credentials"
Use = Callable[[SecretFields], str]


class RefusedError(Exception):
    """What the tests' target raises."""


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, RefusedError)


def _accepting(source: InMemorySource, used: list[str]) -> Use:
    """Return a use that is refused at first, and has the secret rotated meanwhile."""

    def use(fields: SecretFields) -> str:
        used.append(fields["password"])
        if len(used) == 1:
            source.rotate_now(PATH)
            raise RefusedError
        return "done"

    return use


def test_new_value_is_used_when_the_one_before_is_refused(in_memory: InMemorySource) -> None:
    used: list[str] = []
    assert with_secret(PATH, _accepting(in_memory, used), _is_refusal) == "done"
    assert len(set(used)) == 2
    assert in_memory.reads == [(PATH,)] * 2


def test_aws_is_not_asked_again_when_another_thread_has_renewed_it(in_memory: InMemorySource) -> None:
    def use(fields: SecretFields) -> SecretFields:
        if len(in_memory.reads) == 1:
            in_memory.rotate_now(PATH)
            SecretsManager().refresh(PATH)  # the other thread
            raise RefusedError
        return fields

    assert with_secret(PATH, use, _is_refusal) == SecretsManager().get_secret(PATH)
    assert len(in_memory.reads) == 2


def test_it_is_not_tried_again_when_the_value_is_still_the_refused_one(in_memory: InMemorySource) -> None:
    used: list[SecretFields] = []

    def use(fields: SecretFields) -> None:
        used.append(fields)
        raise RefusedError

    with pytest.raises(RefusedError):
        with_secret(PATH, use, _is_refusal)
    assert len(used) == 1
    assert len(in_memory.reads) == 2


def test_second_refusal_is_raised_when_the_new_value_is_refused_too(in_memory: InMemorySource) -> None:
    used: list[SecretFields] = []

    def use(fields: SecretFields) -> None:
        used.append(fields)
        in_memory.rotate_now(PATH)
        raise RefusedError(len(used))

    with pytest.raises(RefusedError, match="2"):
        with_secret(PATH, use, _is_refusal)


def test_aws_is_not_asked_when_something_else_fails(in_memory: InMemorySource) -> None:
    def use(_: SecretFields) -> None:
        raise ValueError

    with pytest.raises(ValueError, match="^$"):
        with_secret(PATH, use, _is_refusal)
    assert len(in_memory.reads) == 1


def test_no_frame_or_chain_holds_the_value_when_it_fails(in_memory: InMemorySource) -> None:
    in_memory.set(PATH, {"username": "u", "password": CANARY, "host": "h", "port": 1, "dbname": "d"})

    def use(fields: SecretFields) -> None:
        plain = fields["password"]
        raise RefusedError("refused") from RuntimeError(plain)

    with pytest.raises(RefusedError) as caught:
        with_secret(PATH, use, _is_refusal)
    assert [entry.name for entry in caught.traceback[1:]] == ["with_secret"]
    assert not any(CANARY in text for text in exception_texts(caught.value))
    assert not any(CANARY in repr(entry.locals) for entry in caught.traceback)


def test_frames_are_gone_when_what_is_hidden_fails() -> None:
    def use() -> None:
        raise ValueError

    with pytest.raises(ValueError, match="^$") as caught:
        hiding(use)
    assert [entry.name for entry in caught.traceback[1:]] == ["hiding"]
    assert hiding(lambda: 1) == 1
