"""The table of the canary's decision: what it sees, what it does to the labels, and what it says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError

from alees_secrets.values import SecretFields
from rotation_handlers.canary import PAUSE_SECONDS, REFUSALS, rotated_secret, verify_rotation
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Outcome
from rotation_handlers.strategy import Strategy
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager

OLD, NEW, NEWER = "old-version", "new-version", "newer-version"


@dataclass
class FakeTarget:
    """A target that accepts some values, and fails as it is told.

    Attributes:
        accepted: Values of ``password`` that it accepts.
        failure: What every use of a value raises instead.
        in_fence: Called when the fence has been taken.
        uses: The values that were used, in order.
    """

    accepted: set[str]
    failure: RotationError | None = None
    in_fence: Callable[[], None] = lambda: None
    lost: bool = False
    uses: list[str] = field(default_factory=list)

    @contextmanager
    def hold(self, value: SecretFields) -> Iterator[None]:
        self.verify(value)
        self.in_fence()
        yield
        if self.lost:
            raise RotationError(Cause.NETWORK, "the connection was lost")

    def verify(self, value: SecretFields) -> None:
        self.uses.append(value["password"])
        if self.failure is not None:
            raise self.failure
        if value["password"] not in self.accepted:
            raise RotationError(Cause.AUTHENTICATION, "refused")


@dataclass
class Canary:
    """A secret after a rotation from OLD to NEW, and its target."""

    store: FakeSecretsManager
    target: FakeTarget
    pauses: list[float] = field(default_factory=list)
    pausing: Callable[[], None] = lambda: None

    def run(self) -> Outcome:
        versions = RotatedVersions(cast("Any", self.store), ARN, Deadline(FakeContext()))
        return verify_rotation(versions, cast("Strategy", self.target), self._sleep).outcome

    def failure(self) -> RotationError:
        with pytest.raises(RotationError) as caught:
            self.run()
        return caught.value

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.pausing()


def _value(password: str) -> str:
    return json.dumps({"password": password})


@pytest.fixture
def canary() -> Canary:
    """One whose new value is refused, and whose old one is accepted."""
    store = FakeSecretsManager(
        values={OLD: _value("old"), NEW: _value("new"), NEWER: _value("newer")},
        labels={"AWSCURRENT": NEW, "AWSPREVIOUS": OLD},
    )
    return Canary(store, FakeTarget({"old"}))


def _stays(canary: Canary, cause: Cause, reason: str) -> None:
    """Check that the canary only raises the alarm, and says why."""
    before = dict(canary.store.labels)

    failure = canary.failure()

    assert failure.cause is cause
    assert reason in str(failure)
    assert canary.store.labels == before
    assert canary.store.calls["UpdateSecretVersionStage"] == 0


def test_nothing_moves_when_the_new_value_is_accepted(canary: Canary) -> None:
    canary.target.accepted.add("new")

    assert canary.run() is Outcome.VERIFIED
    assert canary.store.calls["UpdateSecretVersionStage"] == 0
    assert canary.target.uses == ["new"]


def test_current_is_on_the_version_before_when_the_new_value_is_refused(canary: Canary) -> None:
    failure = canary.failure()

    assert failure.cause is Cause.CANARY_ROLLED_BACK
    assert "version new-vers was refused 3 times, so AWSCURRENT is back on version old-vers" in str(failure)
    assert canary.store.labels == {"AWSCURRENT": OLD, "AWSPREVIOUS": NEW}


def test_it_pauses_between_three_refusals_before_it_believes_them(canary: Canary) -> None:
    canary.failure()

    assert canary.pauses == [PAUSE_SECONDS] * (REFUSALS - 1)
    assert canary.target.uses[:REFUSALS] == ["new"] * REFUSALS


def test_nothing_moves_when_the_new_value_is_accepted_after_a_refusal(canary: Canary) -> None:
    canary.pausing = lambda: canary.target.accepted.add("new")

    assert canary.run() is Outcome.VERIFIED
    assert canary.target.uses == ["new", "new"]


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.AUTHENTICATION])
def test_nothing_moves_when_the_target_did_not_refuse_the_value(canary: Canary, cause: Cause) -> None:
    canary.target.failure = RotationError(cause, "it is so")

    _stays(canary, Cause.CANARY_UNSURE, f"no label was moved ({cause}: it is so)")


def test_nothing_moves_when_a_refusal_is_followed_by_another_error(canary: Canary) -> None:
    def fail() -> None:
        canary.target.failure = RotationError(Cause.NETWORK, "it is down")

    canary.pausing = fail

    _stays(canary, Cause.CANARY_UNSURE, "network: it is down")


def test_nothing_moves_when_the_version_before_is_refused_too(canary: Canary) -> None:
    canary.target.accepted.clear()

    _stays(canary, Cause.CANARY_REFUSED, "was not moved back (authentication: refused)")


def test_nothing_moves_when_the_version_before_is_revoked(canary: Canary) -> None:
    canary.store.labels["alees-revoked"] = OLD

    _stays(canary, Cause.CANARY_REFUSED, "the version before is revoked: it has the label alees-revoked")
    assert "old" not in canary.target.uses


def test_current_moves_back_when_a_version_longer_ago_is_revoked(canary: Canary) -> None:
    canary.store.values["oldest"] = _value("oldest")
    canary.store.labels["alees-revoked"] = "oldest"

    assert canary.failure().cause is Cause.CANARY_ROLLED_BACK


def test_nothing_moves_when_no_version_is_before(canary: Canary) -> None:
    del canary.store.labels["AWSPREVIOUS"]

    _stays(canary, Cause.CANARY_REFUSED, "the version before does not hold AWSPREVIOUS")


def test_nothing_moves_when_the_version_before_is_the_placeholder(canary: Canary) -> None:
    canary.store.values[OLD] = json.dumps({"alees_not_initialized": "true"})

    _stays(canary, Cause.CANARY_REFUSED, "the value is still the placeholder")


def test_nothing_moves_when_the_version_before_is_damaged(canary: Canary) -> None:
    canary.store.values[OLD] = "{"

    _stays(canary, Cause.CANARY_REFUSED, "the AWSPREVIOUS value is not a JSON object")


def test_nothing_moves_when_a_newer_rotation_is_pending(canary: Canary) -> None:
    canary.store.labels["AWSPENDING"] = NEWER

    _stays(canary, Cause.CANARY_REFUSED, "a newer rotation is under way")


def test_current_moves_back_when_pending_is_left_on_the_refused_version(canary: Canary) -> None:
    canary.store.labels["AWSPENDING"] = NEW

    assert canary.failure().cause is Cause.CANARY_ROLLED_BACK
    assert "AWSPENDING" not in canary.store.labels


def test_it_leaves_off_when_a_newer_version_is_current(canary: Canary) -> None:
    def rotate() -> None:
        canary.store.labels |= {"AWSCURRENT": NEWER, "AWSPREVIOUS": NEW}

    canary.pausing = rotate

    assert canary.run() is Outcome.SUPERSEDED
    assert canary.store.labels["AWSCURRENT"] == NEWER


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"AWSPENDING": NEWER}, "a newer rotation is under way"),
        ({"alees-revoked": OLD}, "is revoked"),
        ({"AWSPREVIOUS": NEWER}, "the version before does not hold AWSPREVIOUS"),
    ],
    ids=["pending", "revoked", "another previous"],
)
def test_nothing_moves_when_the_labels_change_before_the_fence_is_taken(
    canary: Canary, changes: dict[str, str], reason: str
) -> None:
    canary.target.in_fence = lambda: canary.store.labels.update(changes)

    failure = canary.failure()

    assert failure.cause is Cause.CANARY_REFUSED
    assert reason in str(failure)
    assert canary.store.labels["AWSCURRENT"] == NEW


def test_it_leaves_off_when_a_newer_version_became_current_before_the_fence_was_taken(canary: Canary) -> None:
    canary.target.in_fence = lambda: canary.store.labels.update(AWSCURRENT=NEWER, AWSPREVIOUS=NEW)

    assert canary.run() is Outcome.SUPERSEDED
    assert canary.store.labels["AWSCURRENT"] == NEWER


def test_it_says_that_the_label_moved_when_the_fence_broke_afterwards(canary: Canary) -> None:
    canary.target.lost = True

    assert canary.failure().cause is Cause.CANARY_ROLLED_BACK
    assert canary.store.labels["AWSCURRENT"] == OLD


def test_it_says_so_when_secrets_manager_does_not_answer_the_move(canary: Canary) -> None:
    def before(operation: str) -> None:
        if operation == "UpdateSecretVersionStage":
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    canary.store.before = before

    failure = canary.failure()

    assert failure.cause is Cause.CANARY_REFUSED
    assert "Secrets Manager did not answer" in str(failure)


@pytest.mark.parametrize(
    ("value", "reason"),
    [('{"alees_not_initialized":"true"}', "the value is still the placeholder"), ("{", "is not a JSON object")],
    ids=["not initialised", "damaged"],
)
def test_nothing_moves_when_the_current_value_is_none(canary: Canary, value: str, reason: str) -> None:
    canary.store.values[NEW] = value

    _stays(canary, Cause.CANARY_UNSURE, reason)


def _event(**changes: Any) -> dict[str, Any]:
    return {
        "source": "aws.secretsmanager",
        "detail-type": "AWS Service Event via CloudTrail",
        "detail": {"eventName": "RotationSucceeded", "additionalEventData": {"SecretId": ARN}},
    } | changes


def test_the_secret_is_named_when_its_rotation_succeeded() -> None:
    assert rotated_secret(_event()) == ARN


@pytest.mark.parametrize(
    "event",
    [
        _event(source="aws.ec2"),
        _event(**{"detail-type": "AWS API Call via CloudTrail"}),
        _event(detail={"eventName": "RotationFailed", "additionalEventData": {"SecretId": ARN}}),
        _event(detail={"eventName": "RotationSucceeded", "additionalEventData": {"SecretId": None}}),
        _event(detail=None),
    ],
    ids=["source", "detail type", "event name", "secret", "no detail"],
)
def test_the_event_is_refused_when_it_is_another(event: dict[str, Any]) -> None:
    with pytest.raises(RotationError) as caught:
        rotated_secret(event)

    assert caught.value.cause is Cause.BAD_EVENT
