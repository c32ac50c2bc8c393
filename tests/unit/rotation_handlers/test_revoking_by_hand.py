"""Revoking by hand: the version before loses its labels first, then its credential ends, and nothing in use does."""

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import EndpointConnectionError

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.hand import NEW, NEWER, OLD, Hand, refused, value


def test_the_version_before_is_ended_after_its_labels(hand: Hand) -> None:
    hand.target.in_fence = lambda: hand.store.values.update({"labels then": json.dumps(hand.store.labels)})

    answer = hand.do("revoke", OLD)

    assert answer == {"version": OLD, "outcome": "revoked", "counts": {"sessions_ended": 2}}
    assert hand.store.labels == {"AWSCURRENT": NEW, "alees-revoked": OLD}
    assert json.loads(hand.store.values["labels then"] or "") == hand.store.labels
    assert hand.target.accepted == {"new"}


def test_what_else_works_ends_only_when_it_is_asked_for(hand: Hand) -> None:
    hand.do("revoke", OLD)
    assert hand.target.others_ended == 0

    hand.do("revoke", OLD, Others=True)
    assert hand.target.others_ended == 1


def _fail_for_another_version_before(hand: Hand, cause: Cause) -> Callable[[SecretFields], None]:
    """Give a later AWSPREVIOUS the credential of OLD, and return a verify that fails for it."""
    hand.store.labels |= {"AWSCURRENT": NEWER, "AWSPREVIOUS": NEW, "alees-revoked": OLD}
    hand.store.values |= {NEW: value("same"), OLD: value("same")}
    hand.target.accepted, verify = {"newer"}, hand.target.verify

    def fail(fields: SecretFields) -> None:
        if fields["password"] == "same":
            raise RotationError(cause, "it cannot be used")
        verify(fields)

    return fail


@pytest.mark.parametrize("cause", [Cause.AUTHENTICATION, Cause.BAD_SECRET])
def test_another_version_before_that_nobody_can_use_keeps_nothing(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, cause: Cause
) -> None:
    monkeypatch.setattr(hand.target, "verify", _fail_for_another_version_before(hand, cause))

    assert hand.do("revoke", OLD)["outcome"] == "revoked"
    assert hand.target.ended == ["same"]


def test_nothing_is_revoked_when_another_version_before_cannot_be_tried(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand.target, "verify", _fail_for_another_version_before(hand, Cause.NETWORK))

    refused(hand, Cause.NETWORK, "it cannot be used", "revoke", OLD)


def test_the_same_request_ends_it_when_the_target_failed_after_the_labels(hand: Hand) -> None:
    hand.target.dies = 1
    with pytest.raises(RotationError, match="it is down"):
        hand.do("revoke", OLD)
    assert hand.target.accepted == {"old", "new"}

    hand.do("revoke", OLD)

    assert hand.target.ended == ["old"]
    assert hand.do("revoke", OLD)["outcome"] == "revoked"


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("lost", ["before", "after"])
def test_the_same_request_ends_it_when_a_label_call_gets_no_answer(hand: Hand, number: int, lost: str) -> None:
    seen = 0

    def fail(operation: str) -> None:
        nonlocal seen
        seen += operation == "UpdateSecretVersionStage"
        if seen == number and operation == "UpdateSecretVersionStage":
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    setattr(hand.store, lost, fail)
    with pytest.raises(RotationError, match="did not answer"):
        hand.do("revoke", OLD)
    setattr(hand.store, lost, None)

    hand.do("revoke", OLD)

    assert hand.store.labels == {"AWSCURRENT": NEW, "alees-revoked": OLD}
    assert hand.target.ended == ["old"]


def test_the_label_moves_on_when_another_version_was_revoked_before(hand: Hand) -> None:
    hand.store.labels["alees-revoked"] = "oldest"
    hand.store.values["oldest"] = value("oldest")

    hand.do("revoke", OLD)

    assert hand.store.labels["alees-revoked"] == OLD


def test_the_version_before_is_left_when_the_current_one_is_refused_itself(hand: Hand) -> None:
    hand.target.accepted = {"old"}

    refused(hand, Cause.AUTHENTICATION, "AWSCURRENT itself was refused 3 times.*rotate first", "revoke", OLD)


def test_the_current_version_is_never_revoked(hand: Hand) -> None:
    refused(hand, Cause.OVERTAKEN, "is not the one before AWSCURRENT", "revoke", NEW)


def test_the_placeholder_is_retired_and_nothing_is_ended(hand: Hand) -> None:
    hand.store.values[OLD] = json.dumps({"alees_not_initialized": "true"})

    assert hand.do("revoke", OLD) == {"version": OLD, "outcome": "revoked", "counts": {}}
    assert hand.store.labels["alees-revoked"] == OLD
    assert hand.target.ended == []


def test_it_is_told_when_current_has_the_credential_that_was_to_be_ended(hand: Hand) -> None:
    hand.store.values[OLD] = value("new")

    assert hand.do("revoke", OLD) == {"version": OLD, "outcome": "in-use", "counts": {}}
    assert hand.target.accepted == {"old", "new"}


@pytest.mark.parametrize(
    "previous", [value("new"), value("dead"), '{"alees_not_initialized": "true"}', "damaged"], ids=lambda _: ""
)
def test_what_was_revoked_before_is_ended_when_another_version_before_has_it_not_or_is_refused(
    hand: Hand, previous: str
) -> None:
    hand.store.labels |= {"AWSCURRENT": NEWER, "AWSPREVIOUS": NEW, "alees-revoked": OLD}
    hand.store.values |= {NEW: previous, OLD: value("dead")}
    hand.target.accepted = {"newer", "new"}

    assert hand.do("revoke", OLD)["outcome"] == "revoked"
    assert hand.target.ended == ["dead"]


def test_nothing_is_revoked_when_the_version_before_became_current_meanwhile(hand: Hand) -> None:
    def go_back(operation: str) -> None:
        if operation == "GetSecretValue":
            hand.store.labels |= {"AWSCURRENT": OLD, "AWSPREVIOUS": NEW}

    hand.store.before = go_back

    with pytest.raises(RotationError, match="the labels moved meanwhile; nothing was revoked") as caught:
        hand.do("revoke", OLD)

    assert (caught.value.cause, hand.target.ended) == (Cause.OVERTAKEN, [])
    assert "alees-revoked" not in hand.store.labels


def test_it_is_told_when_another_version_before_has_the_credential_that_was_to_be_ended(hand: Hand) -> None:
    hand.store.labels |= {"AWSCURRENT": NEWER, "AWSPREVIOUS": NEW, "alees-revoked": OLD}
    hand.store.values[OLD] = value("new")
    hand.target.accepted = {"new", "newer"}

    assert hand.do("revoke", OLD) == {"version": OLD, "outcome": "in-use", "counts": {}}
    assert hand.target.accepted == {"new", "newer"}


@pytest.mark.parametrize("when", ["between the labels", "in the fence"])
def test_a_version_that_the_canary_went_back_to_meanwhile_is_not_ended(hand: Hand, when: str) -> None:
    def go_back(operation: str = "") -> None:
        if operation in {"", "UpdateSecretVersionStage"}:
            hand.store.labels |= {"AWSCURRENT": OLD, "AWSPREVIOUS": NEW}

    if when == "in the fence":
        hand.target.in_fence = go_back
    else:
        hand.store.after = go_back

    with pytest.raises(RotationError, match="version old-vers is AWSCURRENT, so it was not revoked"):
        hand.do("revoke", OLD)

    assert hand.target.ended == []
    assert hand.store.labels == {"AWSCURRENT": OLD, "AWSPREVIOUS": NEW}


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"AWSPENDING": NEWER}, Cause.ROTATION_PENDING),
        ({"AWSCURRENT": NEWER, "AWSPREVIOUS": NEW}, Cause.OVERTAKEN),
    ],
)
def test_the_target_is_left_when_a_rotation_came_before_the_fence(
    hand: Hand, changes: dict[str, str], cause: Cause
) -> None:
    hand.target.in_fence = lambda: hand.store.labels.update(changes)

    with pytest.raises(RotationError) as caught:
        hand.do("revoke", OLD)

    assert (caught.value.cause, hand.target.ended) == (cause, [])
