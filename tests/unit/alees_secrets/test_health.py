"""What is wrong with a secret, from what AWS says of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alees_secrets.health import GRACE, STUCK_AFTER, Observation, State, judge

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
GOOD = Observation(
    declared=True,
    rotates=True,
    rotation_enabled=True,
    changed=True,
    last_rotated=NOW - timedelta(days=3),
    next_rotation=NOW + timedelta(days=27),
    pending_since=None,
)


@pytest.mark.parametrize(
    ("observation", "state"),
    [
        (None, State.MISSING),
        (GOOD, State.OK),
        (replace(GOOD, pending_since=NOW - STUCK_AFTER - timedelta(seconds=1)), State.STUCK),
        (replace(GOOD, pending_since=NOW - STUCK_AFTER), State.ROTATING),
        (replace(GOOD, last_rotated=None, changed=False), State.NOT_INITIALIZED),
        (replace(GOOD, last_rotated=None), State.OK),
        (replace(GOOD, rotation_enabled=False), State.ROTATION_OFF),
        (replace(GOOD, next_rotation=NOW - GRACE - timedelta(seconds=1)), State.OVERDUE),
        (replace(GOOD, next_rotation=NOW - GRACE), State.OK),
        (replace(GOOD, next_rotation=None), State.OK),
        (replace(GOOD, rotates=False, rotation_enabled=False), State.OK),
        (replace(GOOD, declared=False, rotates=False, rotation_enabled=False), State.UNMANAGED),
    ],
)
def test_the_state_is_the_first_that_holds(observation: Observation | None, state: State) -> None:
    assert judge(observation, NOW) is state


def test_stuck_comes_before_what_else_is_wrong_when_several_things_are() -> None:
    worst = replace(
        GOOD, pending_since=NOW - timedelta(days=1), rotation_enabled=False, next_rotation=NOW - timedelta(days=9)
    )

    assert judge(worst, NOW) is State.STUCK
