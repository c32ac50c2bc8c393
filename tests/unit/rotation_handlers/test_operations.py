"""Which operation an event asks for, and the record that is kept of it."""

import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from alees_secrets.naming import OPERATION_TAGS
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.handled_versions import HandledVersions
from rotation_handlers.operations import Work, audit_line, find_operation, names_operation
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager

WHO = {"Reason": "leaked (#7)?", "Incident": "INC-7", "Caller": "arn:aws:sts::000000000000:assumed-role/op/jane"}


def _work(request: Mapping[str, object]) -> tuple[Work, FakeSecretsManager]:
    store = FakeSecretsManager(values={"v": json.dumps({})}, labels={"AWSCURRENT": "v"})
    versions = HandledVersions(cast("Any", store), ARN, Deadline(FakeContext()))
    return Work("revoke", request, "alees/local/x/y", versions, cast("Any", None), Deadline(FakeContext())), store


@pytest.mark.parametrize(
    ("event", "named"), [({"Operation": "x"}, True), ({"Step": "createSecret"}, False), ([], False), (None, False)]
)
def test_an_operation_is_told_from_a_step(event: object, named: bool) -> None:  # noqa: FBT001 - what is expected
    assert names_operation(event) is named


@pytest.mark.parametrize("name", ["other", None, ["answer"]])
def test_the_operations_are_named_when_the_event_names_another(name: object) -> None:
    known: Any = {"answer": None, "refuse": None}

    with pytest.raises(RotationError, match="the event names no operation; allowed is answer, refuse") as caught:
        find_operation({"Operation": name, "SecretId": ARN}, known)

    assert caught.value.cause is Cause.BAD_EVENT


def test_the_request_is_refused_when_it_names_no_secret() -> None:
    with pytest.raises(RotationError, match="the request for answer lacks SecretId"):
        find_operation({"Operation": "answer"}, cast("Any", {"answer": None}))


def test_the_tags_say_what_was_done_why_when_and_by_whom() -> None:
    work, store = _work(WHO)

    work.record()

    assert tuple(store.tags) == OPERATION_TAGS
    assert store.tags.pop("alees:operated-at")[:2] == "20"
    assert store.tags == {
        "alees:last-operation": "revoke",
        "alees:reason": "leaked __7__",
        "alees:incident": "INC-7",
        "alees:caller": WHO["Caller"],
    }


def test_a_tag_is_cut_when_a_reason_is_longer_than_tags_may_be() -> None:
    work, store = _work({**WHO, "Reason": "r" * 300})

    work.record()

    assert store.tags["alees:reason"] == "r" * 256


def test_what_every_request_has_is_left_out_of_what_an_operation_takes() -> None:
    work, _ = _work({"Operation": "adopt", "Role": "erp", "SecretId": ARN, **WHO})

    assert work.own == {"Operation": "adopt", "Role": "erp"}


@pytest.mark.parametrize("missing", ["Reason", "Caller"])
@pytest.mark.parametrize("said", [None, "", "  ", 7])
def test_nothing_is_recorded_when_the_request_does_not_say_why_and_who(missing: str, said: object) -> None:
    work, store = _work({**WHO, missing: said})

    with pytest.raises(RotationError, match=f"the request for revoke lacks {missing}"):
        work.record()

    assert store.tags == {}


def test_the_line_says_who_and_why_and_nothing_else_of_the_request() -> None:
    request = {"Operation": "set", "Value": {"password": "x"}, "VersionId": "0123456789", **WHO}

    assert audit_line(request) == {
        "audit": True,
        "operation": "set",
        "reason": WHO["Reason"],
        "incident": "INC-7",
        "caller": WHO["Caller"],
        "version": "01234567",
    }
