"""Starting a rotation and waiting for its end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from botocore.stub import Stubber

from operations.errors import OperationError
from operations.rotate import Phase, start, wait
from operations.target import Target

VERSION = "v" * 32
OLD = "o" * 32


@dataclass
class FakeClient:
    """Answers DescribeSecret with one label after the other for the version under rotation."""

    labels: Iterator[str]

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        assert SecretId == "alees/dev/database/credentials"
        return {"VersionIdsToStages": {"old": ["AWSCURRENT"], VERSION: [next(self.labels)]}}


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


def test_log_and_runbook_are_named_when_the_time_is_over(target: Target) -> None:
    with pytest.raises(OperationError, match=r"is not over after \d+ s; its function's log says why.*has not changed"):
        _watch(target, "AWSPENDING", "AWSPENDING", timeout_seconds=-1)


def test_the_client_tells_why_when_secrets_manager_does_not_start_it(target: Target, secret: str) -> None:
    with Stubber(target.client) as stubber:
        stubber.add_response("describe_secret", {"VersionIdsToStages": {OLD: ["AWSCURRENT", "AWSPENDING"]}})
        stubber.add_client_error("rotate_secret", "InvalidRequestException", "a previous rotation isn't complete")
        with pytest.raises(OperationError) as caught:
            start(target, secret)

    assert "alees/dev/database/credentials" in str(caught.value)
    assert caught.value.__context__ is None


def test_the_rotation_that_was_left_half_way_is_taken_up(target: Target, secret: str) -> None:
    with Stubber(target.client) as stubber:
        stubber.add_response("describe_secret", {"VersionIdsToStages": {OLD: ["AWSCURRENT"], VERSION: ["AWSPENDING"]}})
        stubber.add_response(
            "rotate_secret",
            {"VersionId": VERSION},
            {"SecretId": f"alees/dev/{secret}", "ClientRequestToken": VERSION},
        )

        assert start(target, secret) == VERSION


def test_the_call_is_named_when_the_secret_cannot_be_described(target: Target, secret: str) -> None:
    with Stubber(target.client) as stubber:
        stubber.add_client_error("describe_secret", "AccessDeniedException", "details")
        with pytest.raises(OperationError, match="cannot be described: DescribeSecret answered AccessDenied"):
            start(target, secret)
