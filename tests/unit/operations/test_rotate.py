"""Starting a rotation and waiting for its end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from operations import rotate
from operations.because import Because
from operations.errors import OperationError
from operations.rotate import Phase, finish, start, wait
from operations.target import Target
from tests.fakes.hand import NEWER
from tests.fakes.operated import OperatedSecret, denied

VERSION = "v" * 32
WHY = Because("a leak", None, "arn:jane")


@dataclass
class FakeClient:
    """Answers DescribeSecret with one label after the other for the version under rotation."""

    labels: Iterator[str]

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        assert SecretId == "alees/dev/database/credentials"
        label = next(self.labels)
        return {"VersionIdsToStages": {"old": ["AWSCURRENT"], **({VERSION: [label]} if label else {})}}


def _watch(target: Target, *labels: str, timeout_seconds: float = 60) -> list[Phase]:
    phases: list[Phase] = []
    fake = cast("Any", FakeClient(iter(labels)))
    wait(
        replace(target, client=fake),
        "database/credentials",
        VERSION,
        timeout_seconds=timeout_seconds,
        progress=lambda phase, _: phases.append(phase),
    )
    return phases


def test_the_phases_are_reported_when_the_rotation_ends_well(target: Target) -> None:
    assert _watch(target, "AWSPENDING", "AWSCURRENT") == [Phase.PENDING, Phase.DONE]


def test_the_rotation_is_abandoned_when_its_version_lost_its_labels(target: Target) -> None:
    with pytest.raises(OperationError, match="was abandoned: its version has no label any more; look at"):
        _watch(target, "AWSPENDING", "else")


def test_a_version_is_waited_for_when_it_is_not_seen_yet(target: Target) -> None:
    assert _watch(target, "", "AWSPENDING", "AWSCURRENT") == [Phase.PENDING, Phase.PENDING, Phase.DONE]


def test_the_rotation_is_abandoned_when_its_version_is_never_seen(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate, "VISIBLE_SECONDS", 0.0)

    with pytest.raises(OperationError, match="was abandoned"):
        _watch(target, "")


def test_log_and_runbook_are_named_when_the_time_is_over(target: Target) -> None:
    with pytest.raises(OperationError, match=r"is not over after \d+ s; its function's log says why.*has not changed"):
        _watch(target, "AWSPENDING", "AWSPENDING", timeout_seconds=-1)


def _refuse(call: str) -> None:
    if call == "RotateSecret":
        raise ClientError({"Error": {"Code": "InvalidRequestException", "Message": "details"}}, call)


def test_the_client_tells_why_when_secrets_manager_does_not_start_it() -> None:
    secret = OperatedSecret(before=_refuse)

    with pytest.raises(OperationError) as caught:
        start(secret.target(), "database/credentials", WHY)

    assert "rotation of secret alees/dev/database/credentials in eu-central-1 did not start" in str(caught.value)
    assert caught.value.__context__ is None


def test_a_rotation_that_was_left_half_way_is_not_taken_up() -> None:
    secret = OperatedSecret()
    secret.hand.start()

    with pytest.raises(OperationError, match="another rotation of database/credentials is not over"):
        start(secret.target(), "database/credentials", WHY)

    assert secret.calls == []


def test_a_rotation_that_was_left_half_way_is_finished_with_its_own_version() -> None:
    secret = OperatedSecret()
    secret.hand.start()

    finish(secret.target(), "database/credentials", NEWER, WHY)

    assert secret.hand.store.labels["AWSCURRENT"] == NEWER
    assert secret.hand.store.tags["alees:last-operation"] == "recover: finish"


def test_the_call_is_named_when_the_secret_cannot_be_described() -> None:
    def deny(call: str) -> None:
        raise denied(call)

    with pytest.raises(OperationError, match="cannot be described: DescribeSecret answered AccessDenied"):
        start(OperatedSecret(before=deny).target(), "database/credentials", WHY)
