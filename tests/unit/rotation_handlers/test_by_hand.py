"""What people do to a secret by hand: each refusal leaves it as it is, and each crash is mended by the same request."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from rotation_handlers.errors import Cause, RotationError
from tests.fakes.hand import NEW, NEWER, OLD, SET, Hand, refused, value
from tests.unit.rotation_handlers.issued.issuing import once

CHANGES = [("revoke", OLD, {}), ("rollback", OLD, {}), ("set", NEW, SET)]


@pytest.mark.parametrize(("operation", "version", "more"), CHANGES)
def test_nothing_is_begun_when_a_rotation_is_pending(
    hand: Hand, operation: str, version: str, more: dict[str, Any]
) -> None:
    hand.start()

    told = "not over; wait for its end, or see: ./alees-secrets recover"
    refused(hand, Cause.ROTATION_PENDING, told, operation, version, **more)


@pytest.mark.parametrize(("operation", "version", "more"), CHANGES)
def test_it_is_done_when_pending_is_left_on_the_current_version(
    hand: Hand, operation: str, version: str, more: dict[str, Any]
) -> None:
    hand.store.labels["AWSPENDING"] = NEW
    hand.target.accepted.add("set")

    hand.do(operation, version, **more)

    assert hand.store.tags["alees:last-operation"] == operation
    assert hand.store.labels.get("AWSPENDING") in {None, hand.store.labels["AWSCURRENT"]}


@pytest.mark.parametrize(("operation", "version", "more"), [*CHANGES, ("discard", NEWER, {}), ("diagnose", NEWER, {})])
def test_nothing_is_begun_when_the_labels_are_others_than_the_caller_saw(
    hand: Hand, operation: str, version: str, more: dict[str, Any]
) -> None:
    hand.store.labels = {"AWSCURRENT": "later", "AWSPREVIOUS": "between"}
    hand.store.values |= {"later": value("later"), "between": value("between")}

    refused(hand, Cause.OVERTAKEN, "more|meanwhile|not hold", operation, version, **more)


@pytest.mark.parametrize(("operation", "version", "more"), [*CHANGES, ("discard", NEWER, {})])
def test_nothing_is_begun_when_it_cannot_be_recorded(
    hand: Hand, operation: str, version: str, more: dict[str, Any]
) -> None:
    if operation == "discard":
        hand.start()
    hand.target.accepted.add("set")

    refused(hand, Cause.BAD_EVENT, "lacks Reason", operation, version, **{**more, "Reason": ""})


def test_a_rotation_is_recorded_before_it_is_started(hand: Hand) -> None:
    assert hand.do("record", What="rotate --emergency") == {"outcome": "recorded"}
    assert hand.store.tags["alees:last-operation"] == "rotate --emergency"


@pytest.mark.parametrize(("accepted", "outcome"), [({"new"}, "accepted"), ({"old"}, "refused")])
def test_the_current_value_is_tried_and_nothing_moves(hand: Hand, accepted: set[str], outcome: str) -> None:
    hand.target.accepted = accepted

    assert hand.do("verify") == {"version": NEW, "outcome": outcome}
    assert hand.store.calls["UpdateSecretVersionStage"] == 0


def test_current_goes_back_to_the_version_before(hand: Hand) -> None:
    assert hand.do("rollback", OLD) == {"version": OLD, "outcome": "rolled-back"}
    assert hand.store.labels == {"AWSCURRENT": OLD, "AWSPREVIOUS": NEW}


def test_current_stays_when_the_version_before_is_refused(hand: Hand) -> None:
    hand.target.accepted = {"new"}

    refused(hand, Cause.AUTHENTICATION, "refused", "rollback", OLD)


def test_current_stays_when_the_version_before_is_revoked(hand: Hand) -> None:
    hand.store.labels["alees-revoked"] = OLD

    refused(hand, Cause.BAD_SECRET, "the version before is revoked", "rollback", OLD)


@pytest.mark.parametrize("recorded", [False, True])
def test_a_newer_current_stays_when_it_came_before_the_fence_or_while_it_was_recorded(
    hand: Hand, *, recorded: bool
) -> None:
    def move(call: str = "TagResource") -> None:
        if call == "TagResource":
            hand.store.labels |= {"AWSCURRENT": NEWER, "AWSPREVIOUS": NEW}

    if recorded:
        hand.store.after = move
    else:
        hand.target.in_fence = move

    with pytest.raises(RotationError, match="AWSCURRENT moved meanwhile"):
        hand.do("rollback", OLD)

    assert hand.store.labels["AWSCURRENT"] == NEWER
    assert ("alees:last-operation" in hand.store.tags) is recorded


def test_current_is_where_it_was_when_the_version_before_was_revoked_just_before_the_move(hand: Hand) -> None:
    hand.store.before = once("UpdateSecretVersionStage", lambda: hand.do("revoke", OLD))

    with pytest.raises(RotationError, match="revoked version old-vers meanwhile; AWSCURRENT is where it was") as caught:
        hand.do("rollback", OLD)

    assert caught.value.cause is Cause.OVERTAKEN
    assert hand.store.labels == {"AWSCURRENT": NEW, "alees-revoked": OLD}
    assert hand.target.accepted == {"new"}


def test_it_is_told_when_current_cannot_leave_the_version_that_was_revoked_just_before_the_move(hand: Hand) -> None:
    revoke = once("UpdateSecretVersionStage", lambda: hand.do("revoke", OLD))

    def revoke_and_fail(call: str) -> None:
        revoke(call)
        if call == "UpdateSecretVersionStage" and hand.store.labels["AWSCURRENT"] == OLD:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    hand.store.before = revoke_and_fail

    with pytest.raises(RotationError, match=r"revoked version old-vers.*is AWSCURRENT all the same.*run rollback now"):
        hand.do("rollback", OLD)

    hand.store.before = None
    assert hand.do("rollback", NEW)["outcome"] == "rolled-back"
    assert hand.store.labels["AWSCURRENT"] == NEW


def test_a_label_leads_to_the_version_when_somebody_went_back_to_it_and_returned(hand: Hand) -> None:
    moves: list[str] = []

    def go_back_and_return(call: str) -> None:
        moves.extend([call] if call == "UpdateSecretVersionStage" else [])
        if call == "DescribeSecret" and len(moves) == 2:  # both labels are moved
            hand.store.labels |= {"AWSCURRENT": OLD, "AWSPREVIOUS": NEW}
        if len(moves) == 3:  # the mark is being removed
            hand.store.before = None
            hand.store.labels["AWSCURRENT"] = NEW
            del hand.store.labels["AWSPREVIOUS"]

    hand.store.before = go_back_and_return

    with pytest.raises(RotationError, match="is AWSCURRENT, so it was not revoked"):
        hand.do("revoke", OLD)

    assert hand.store.labels == {"AWSCURRENT": NEW, "alees-revoked": OLD}
    assert hand.do("revoke", OLD)["outcome"] == "revoked"


def test_it_went_back_when_the_look_after_the_move_gets_no_answer(hand: Hand) -> None:
    def fail(call: str) -> None:
        if call == "DescribeSecret" and hand.store.labels["AWSCURRENT"] == OLD:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    hand.store.before = fail

    assert hand.do("rollback", OLD)["outcome"] == "rolled-back"


@pytest.mark.parametrize(("pending", "ended"), [("newer", ["newer"]), (None, [])])
def test_a_pending_version_is_given_up_and_ended_at_the_target(
    hand: Hand, pending: str | None, ended: list[str]
) -> None:
    hand.start(pending)

    assert hand.do("discard", NEWER) == {"version": NEWER, "outcome": "discarded"}
    assert hand.store.labels == {"AWSCURRENT": NEW, "AWSPREVIOUS": OLD}
    assert hand.target.ended == ended


def test_a_rotation_is_advised_when_what_was_given_up_could_not_be_ended(hand: Hand) -> None:
    hand.start()
    hand.target.dies = 1

    with pytest.raises(RotationError, match=r"may work until the next rotation: rotate now \(it is down\)") as caught:
        hand.do("discard", NEWER)

    assert (caught.value.cause, caught.value.__context__) == (Cause.NETWORK, None)
    assert hand.store.labels == {"AWSCURRENT": NEW, "AWSPREVIOUS": OLD}


def test_current_is_restored_before_a_pending_version_is_given_up(hand: Hand) -> None:
    hand.start()
    restored: dict[str, str | None] = {}
    hand.store.before = lambda call: restored.update({call: hand.target.restored})

    hand.do("discard", NEWER)

    assert restored["UpdateSecretVersionStage"] == "new"


def test_a_pending_version_without_value_is_given_up_where_current_is_damaged(hand: Hand) -> None:
    hand.start(None)
    hand.store.values[NEW] = "{"

    hand.do("discard", NEWER)

    assert "AWSPENDING" not in hand.store.labels


def test_a_damaged_pending_version_is_given_up(hand: Hand) -> None:
    hand.start()
    hand.store.values[NEWER] = "{"

    hand.do("discard", NEWER)

    assert "AWSPENDING" not in hand.store.labels


def _finish(hand: Hand) -> None:
    hand.store.labels |= {"AWSCURRENT": NEWER, "AWSPREVIOUS": NEW}


def test_a_version_that_became_current_before_the_fence_is_not_given_up(hand: Hand) -> None:
    hand.start()
    hand.target.in_fence = lambda: _finish(hand)

    with pytest.raises(RotationError, match="is not pending any more"):
        hand.do("discard", NEWER)

    assert (hand.target.ended, hand.store.labels["AWSCURRENT"], hand.store.tags) == ([], NEWER, {})


@pytest.mark.parametrize(("operation", "version", "more"), [("discard", NEWER, {}), ("set", NEW, SET)])
def test_nothing_is_recorded_when_the_target_cannot_be_opened(
    hand: Hand, operation: str, version: str, more: dict[str, Any]
) -> None:
    if operation == "discard":
        hand.start()

    def lock() -> None:
        raise RotationError(Cause.LOCK, "somebody holds it")

    hand.target.accepted.add("set")
    hand.target.in_fence = lock

    refused(hand, Cause.LOCK, "somebody holds it", operation, version, **more)


def test_a_version_that_became_current_where_there_is_no_fence_is_not_ended(hand: Hand) -> None:
    hand.start()

    def finish(operation: str) -> None:
        if operation == "UpdateSecretVersionStage":
            _finish(hand)

    hand.store.after = finish
    with pytest.raises(RotationError, match="became AWSCURRENT meanwhile; it is in use"):
        hand.do("discard", NEWER)

    assert hand.target.ended == []
