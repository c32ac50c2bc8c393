"""Which step is to be done next, and what stands in its way."""

from collections.abc import Callable

import pytest

from rotation_handlers.errors import Cause, RotationError
from tests.fakes.hand import NEW, NEWER, Hand


def _damage(hand: Hand) -> None:
    hand.store.values[NEWER] = "{"


def _refuse_use(cause: Cause) -> Callable[[Hand], None]:
    def refuse(hand: Hand) -> None:
        hand.target.failure = RotationError(cause, "it is so")

    return refuse


def _switch_off(hand: Hand) -> None:
    hand.store.rotates = False


def _accept(hand: Hand) -> None:
    hand.target.accepted.add("newer")


def _accept_switched_off(hand: Hand) -> None:
    _accept(hand)
    _switch_off(hand)


def _damage_current(hand: Hand) -> None:
    hand.store.values[NEW] = "{"


@pytest.mark.parametrize(
    ("pending", "change", "step", "usable", "cause"),
    [
        (None, None, "createSecret", True, None),
        (None, _damage_current, "createSecret", True, "bad-secret"),
        (None, _switch_off, "createSecret", True, "rotation-off"),
        (None, _refuse_use(Cause.IAM), "createSecret", True, "iam"),
        ("newer", _damage, "createSecret", False, "pending-discarded"),
        ("unusable", None, "setSecret", False, "pending-discarded"),
        ("newer", None, "setSecret", True, None),
        ("newer", _refuse_use(Cause.NETWORK), "setSecret", True, "network"),
        ("newer", _refuse_use(Cause.AUTHENTICATION), "setSecret", True, "authentication"),
        ("newer", _refuse_use(Cause.PRIVILEGE), "testSecret", True, "privilege"),
        ("newer", _accept, "finishSecret", True, None),
        ("newer", _accept_switched_off, "finishSecret", True, "rotation-off"),
    ],
)
def test_the_step_that_is_to_be_done_and_what_stands_in_its_way_are_told(
    hand: Hand,
    pending: str | None,
    change: Callable[[Hand], None] | None,
    step: str,
    usable: bool,  # noqa: FBT001 - what is expected
    cause: str | None,
) -> None:
    hand.start(pending)
    if change is not None:
        change(hand)
    before = dict(hand.store.labels)

    told = hand.do("diagnose", NEWER)

    assert (told["step"], told["usable"], told["cause"]) == (step, usable, cause)
    assert (told["message"] is None) == (cause is None)
    assert "was discarded" not in str(told["message"])
    assert (hand.store.labels, hand.store.tags) == (before, {})
