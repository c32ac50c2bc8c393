"""API keys that a REST API issues: found by name, bounded, and each failure is one clear error."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from alees_secrets.values import SecretFields
from local_cloud.provider.server import ProviderHandler
from rotation_handlers.api_key.https import Https
from rotation_handlers.api_key.providers.http import HttpIssuer, strategy
from rotation_handlers.by_hand import BY_HAND
from rotation_handlers.deadline import MARGIN_SECONDS, Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.handled_versions import HandledVersions
from rotation_handlers.operations import Work
from rotation_handlers.rotation import Step, run_step
from rotation_handlers.versions import SecretVersions
from tests.fakes.canary import exception_texts
from tests.fakes.hand import WHO
from tests.fakes.lambda_context import FakeContext
from tests.fakes.provider import (
    SECRET,
    TOKEN,
    Provider,
    dripping,
    failing,
    hanging_up,
    malformed,
    oversized,
    redirecting,
    refusing,
)
from tests.fakes.secrets_manager import ARN, FakeSecretsManager
from tests.unit.rotation_handlers.jwt.rotating import new_store

Answers = Callable[[ProviderHandler], None]


@dataclass
class Rotations:
    """One secret and its provider."""

    provider: Provider
    store: FakeSecretsManager = field(default_factory=new_store)
    seconds: float = 60.0
    settings: dict[str, Any] | None = None

    def step(self, step: Step, token: str) -> None:
        deadline = Deadline(FakeContext(self.seconds))
        versions = SecretVersions(cast("Any", self.store), ARN, token, deadline)
        run_step(step, versions, strategy(self.provider.service(deadline, self.settings)))

    def start(self) -> str:
        return self.store.start_new_rotation()

    def rotate(self) -> str:
        token = self.start()
        for step in Step:
            self.step(step, token)
        return token

    def works(self, label: str = "AWSCURRENT") -> bool:
        value = self.store.fields(self.store.labels[label])
        return self.provider.keys.accept(value["api_key"], value["api_secret"])


@pytest.fixture
def rotations(provider: Provider) -> Rotations:
    """A secret that was never rotated."""
    return Rotations(provider)


def _issuer(
    provider: Provider, settings: dict[str, Any] | None = None, name: str = SECRET, seconds: float = 60.0
) -> HttpIssuer:
    deadline = Deadline(FakeContext(seconds))
    return HttpIssuer(provider.service(deadline, settings, name), Https(deadline, provider.certificates))


def _settings(provider: Provider, call: str, **changes: object) -> dict[str, Any]:
    settings = cast("dict[str, Any]", dict(provider.declared().settings()))
    settings[call] = {**settings[call], **changes}
    return settings


def _answering(document: object) -> Answers:
    return lambda handler: handler.answer(cast("Any", 200), document)


def _ours(*keys: tuple[str, object]) -> object:
    return {
        "data": [{"name": f"alees-local-payments-{uuid.uuid4()}", "public": public, "id": id_} for public, id_ in keys]
    }


def test_both_keys_work_and_carry_their_versions_when_it_has_rotated(rotations: Rotations) -> None:
    first, second = rotations.rotate(), rotations.rotate()

    assert rotations.works()
    assert rotations.works("AWSPREVIOUS")
    assert [key.name for key in rotations.provider.keys.list()] == [
        f"alees-local-payments-{token}" for token in (first, second)
    ]

    rotations.rotate()

    assert rotations.works()
    assert len(rotations.provider.keys.live) == 2


def test_nothing_secret_stands_in_a_url_when_it_has_rotated(rotations: Rotations) -> None:
    for _ in range(3):
        rotations.rotate()

    asked = " ".join(rotations.provider.requests)
    assert "DELETE /v1/keys/k1" in asked
    for value in (*rotations.store.values.values(), json.dumps({"token": TOKEN})):
        for secret in json.loads(value or "{}").values():
            assert secret not in asked.split()
            assert len(secret) < 5 or secret not in asked


MISBEHAVIOURS = [
    (failing, Cause.PROVIDER),
    (refusing, Cause.AUTHENTICATION),
    (redirecting, Cause.PROVIDER),
    (oversized, Cause.PROVIDER),
    (hanging_up, Cause.NETWORK),
]


@pytest.mark.parametrize(
    ("method", "answers", "cause"),
    [
        *((method, *each) for method in ("GET", "POST", "DELETE") for each in MISBEHAVIOURS),
        ("GET", malformed, Cause.PROVIDER),
        ("POST", malformed, Cause.PROVIDER),
    ],
)
def test_current_works_and_one_error_is_told_when_the_provider_misbehaves(
    rotations: Rotations, method: str, answers: Answers, cause: Cause
) -> None:
    rotations.rotate()
    rotations.rotate()
    rotations.provider.answer[method] = answers
    token = rotations.start()

    with pytest.raises(RotationError) as refused:
        rotations.step(Step.CREATE, token)

    assert refused.value.cause is cause
    assert not any(TOKEN in text for text in exception_texts(refused.value))

    assert rotations.works()
    rotations.provider.answer.clear()
    for step in Step:
        rotations.step(step, token)
    assert rotations.works()
    assert len(rotations.provider.keys.live) == 2


def test_current_works_and_the_time_is_named_when_the_provider_is_slow(rotations: Rotations) -> None:
    rotations.rotate()
    rotations.rotate()
    rotations.provider.answer["POST"] = dripping
    rotations.seconds = MARGIN_SECONDS + 2.0
    token = rotations.start()

    with pytest.raises(RotationError) as refused:
        rotations.step(Step.CREATE, token)

    assert refused.value.cause is Cause.DEADLINE
    assert rotations.works()
    rotations.provider.answer.clear()
    rotations.seconds = 60.0
    for step in Step:
        rotations.step(step, token)
    assert rotations.works()
    assert len(rotations.provider.keys.live) == 2


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        (failing, Cause.PROVIDER),
        (refusing, Cause.AUTHENTICATION),
        (redirecting, Cause.PROVIDER),
        (oversized, Cause.PROVIDER),
        (dripping, Cause.DEADLINE),
        (hanging_up, Cause.NETWORK),
    ],
)
def test_only_a_refusal_counts_as_one_when_a_key_is_verified(
    rotations: Rotations, answers: Answers, cause: Cause
) -> None:
    rotations.rotate()
    value = SecretFields(rotations.store.current())
    _issuer(rotations.provider).verify(value)
    rotations.provider.answer["GET"] = answers

    with pytest.raises(RotationError) as refused:
        _issuer(rotations.provider, seconds=MARGIN_SECONDS + 2.0).verify(value)

    assert refused.value.cause is cause
    assert not any(str(value[name]) in text for text in exception_texts(refused.value) for name in value)


def test_keys_of_others_are_left_alone_when_it_rotates(rotations: Rotations) -> None:
    rotations.provider.keys._most = 9
    token = str(uuid.uuid4())
    others = [
        rotations.provider.keys.create(name)
        for name in (
            "by hand",
            "alees-local-payments",
            f"alees-local-payments-eu-{token}",
            f"alees-prod-payments-{token}",
            f"alees-local-payments-{token}x",
        )
    ]
    stray = rotations.provider.keys.create(f"alees-local-payments-{token}")

    rotations.rotate()

    live = rotations.provider.keys.live
    assert all(other.id in live for other in others)
    assert stray.id not in live


def test_two_keys_are_live_when_one_that_a_person_made_has_been_set(rotations: Rotations) -> None:
    rotations.provider.keys._most = 3
    rotations.rotate()
    rotations.rotate()
    made = rotations.provider.keys.create("by hand")
    deadline = Deadline(FakeContext())
    work = Work(
        operation="set",
        request={
            **WHO,
            "VersionId": rotations.store.labels["AWSCURRENT"],
            "Token": str(uuid.uuid4()),
            "Value": {"api_key": made.public, "api_secret": made.secret},
        },
        secret=SECRET,
        versions=HandledVersions(cast("Any", rotations.store), ARN, deadline),
        strategy=strategy(rotations.provider.service(deadline)),
        deadline=deadline,
    )

    assert BY_HAND["set"](work)["counts"] == {"revoked": 1}

    assert rotations.store.current()["api_key"] == made.public
    assert rotations.works()
    assert rotations.works("AWSPREVIOUS")
    assert len(rotations.provider.keys.live) == 2


def test_nothing_happens_when_a_key_to_revoke_is_gone(provider: Provider) -> None:
    _issuer(provider).revoke("pub_gone")

    assert provider.requests == ["GET /v1/keys"]


def test_a_key_counts_as_revoked_when_it_goes_away_meanwhile(provider: Provider) -> None:
    key = provider.keys.create(f"alees-local-payments-{uuid.uuid4()}")
    provider.answer["GET"] = _answering({"data": [{"name": key.name, "public": key.public, "id": "k99"}]})

    _issuer(provider).revoke(key.public)

    assert provider.requests == ["GET /v1/keys", "DELETE /v1/keys/k99"]


@pytest.mark.parametrize(
    ("path", "wrong", "message"),
    [("name", "label", "no name where config says"), ("api_key", "id", "named for AWSCURRENT's version but is not")],
)
@pytest.mark.parametrize("rotated", [1, 2])
def test_nothing_is_ended_nor_made_when_a_path_of_the_list_is_wrong(
    rotations: Rotations, path: str, wrong: str, message: str, rotated: int
) -> None:
    for _ in range(rotated):
        rotations.rotate()
    labels, live = dict(rotations.store.labels), dict(rotations.provider.keys.live)
    rotations.settings = _settings(rotations.provider, "list", **{path: wrong})
    token = rotations.start()

    with pytest.raises(RotationError, match=f"{message}.*paths") as refused:
        rotations.step(Step.CREATE, token)

    assert refused.value.cause is Cause.PROVIDER
    assert rotations.store.labels == {**labels, "AWSPENDING": token}
    assert rotations.provider.keys.live == live


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"data": [], "has_more": True}, "the answer to list is incomplete"),
        ({"data": {}}, "the answer to list has no list"),
        ([], "the answer to list has no list"),
        ({"data": [{"name": f"alees-local-payments-{uuid.uuid4()}", "id": 1}]}, "a key of ours without api_key or id"),
        ({"data": [{"name": f"alees-local-payments-{uuid.uuid4()}", "public": "p"}]}, "without api_key or id"),
        ({"data": [{"label": "a"}, {"name": None}, 1]}, "has keys and no name where"),
        (_ours(("p", 1), ("p", 2)), "one api_key or id for several keys"),
        (_ours(("p", 1), ("q", "1")), "one api_key or id for several keys"),
    ],
)
def test_the_list_is_refused_when_it_is_not_as_declared(provider: Provider, document: object, message: str) -> None:
    provider.answer["GET"] = _answering(document)

    with pytest.raises(RotationError, match=message) as refused:
        _issuer(provider).list_credentials()

    assert refused.value.cause is Cause.PROVIDER


def test_the_list_may_be_the_whole_answer_and_hold_what_is_no_key_of_ours(provider: Provider) -> None:
    key = provider.keys.create(f"alees-local-payments-{uuid.uuid4()}")
    provider.answer["GET"] = _answering([None, {"name": 1}, {"name": key.name, "public": key.public, "id": 7}])

    issuer = _issuer(provider, _settings(provider, "list", items=None, more=None))

    assert issuer.list_credentials() == {key.public: key.name[-36:]}


@pytest.mark.parametrize(
    ("document", "lacking"),
    [
        ({"key": {"public": "p"}}, "api_secret"),
        ({"key": {"public": "p\n", "secret": "s"}}, "api_key"),
        ({"key": {"public": 1, "secret": ""}}, "api_key and no api_secret"),
        ([], "api_key and no api_secret"),
    ],
)
def test_the_answer_to_create_is_refused_when_it_is_not_as_declared(
    provider: Provider, document: object, lacking: str
) -> None:
    provider.answer["POST"] = _answering(document)

    with pytest.raises(RotationError, match=f"has no {lacking} where") as refused:
        _issuer(provider).create(str(uuid.uuid4()))

    assert refused.value.cause is Cause.PROVIDER


def test_nothing_is_made_when_the_versions_id_could_be_taken_for_another_services(provider: Provider) -> None:
    with pytest.raises(RotationError, match="no UUID") as refused:
        _issuer(provider).create(f"eu-{uuid.uuid4()}")

    assert refused.value.cause is Cause.BAD_EVENT
    assert provider.requests == []


@pytest.mark.parametrize("value", [{}, {"api_key": ""}, {"api_key": 1}])
def test_a_value_is_refused_when_nobody_can_tell_its_key(provider: Provider, value: dict[str, str | int]) -> None:
    with pytest.raises(RotationError, match="no api_key") as refused:
        _issuer(provider).id_of(SecretFields(value))

    assert refused.value.cause is Cause.BAD_SECRET


@pytest.mark.parametrize("value", [{"api_key": "a"}, {"api_key": "a b", "api_secret": "s"}])
def test_a_malformed_value_is_not_sent_when_it_is_verified(provider: Provider, value: dict[str, str | int]) -> None:
    with pytest.raises(RotationError) as refused:
        _issuer(provider).verify(SecretFields(value))

    assert refused.value.cause is Cause.BAD_SECRET
    assert provider.requests == []
