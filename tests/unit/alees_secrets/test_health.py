"""What is wrong with a secret, from what AWS says of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alees_secrets.health import (
    DEPLOYMENT_GRACE,
    FIRST_VALUE_GRACE,
    GRACE,
    REPLICA_GRACE,
    STUCK_AFTER,
    UNUSED_AFTER,
    Observation,
    State,
    judge,
    notice,
    troubles,
)

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
TODAY = NOW.replace(hour=0)
MOMENT, DAY = timedelta(seconds=1), timedelta(days=1)
GOOD = Observation(
    declared=True,
    rotates=True,
    rotation_enabled=True,
    changed=True,
    created=NOW - timedelta(days=400),
    altered=NOW - timedelta(days=3),
    last_rotated=NOW - timedelta(days=3),
    value_since=NOW - timedelta(days=3),
    next_rotation=NOW + timedelta(days=27),
    pending_since=None,
    last_read=TODAY,
    replicas=(("eu-west-1", "InSync"),),
)
NEW = replace(GOOD, last_rotated=None, changed=False)
BY_HAND = replace(GOOD, rotates=False, rotation_enabled=False, last_rotated=None, next_rotation=None)
HALF_DEPLOYED = replace(
    GOOD, declared=False, rotation_enabled=False, tagged=False, replicas=(("eu-west-1", "Missing"),)
)
UNMANAGED = replace(GOOD, declared=False, rotates=False)


@pytest.mark.parametrize(
    ("observation", "states"),
    [
        (None, [State.MISSING]),
        (GOOD, [State.OK]),
        (replace(GOOD, deleted=NOW, rotation_enabled=False), [State.DELETED]),
        (replace(GOOD, pending_since=NOW - STUCK_AFTER - MOMENT), [State.STUCK]),
        (replace(GOOD, pending_since=NOW - STUCK_AFTER), [State.ROTATING]),
        (NEW, [State.NOT_INITIALIZED]),
        (replace(NEW, pending_since=NOW), [State.ROTATING]),
        (replace(NEW, pending_since=NOW - DAY), [State.STUCK, State.NOT_INITIALIZED]),
        (replace(GOOD, last_rotated=None), [State.OK]),
        (replace(GOOD, rotation_enabled=False), [State.ROTATION_OFF]),
        (replace(GOOD, next_rotation=NOW - GRACE - MOMENT), [State.OVERDUE]),
        (replace(GOOD, next_rotation=NOW - GRACE), [State.OK]),
        (replace(GOOD, next_rotation=None), [State.OK]),
        (BY_HAND, [State.OK]),
        (UNMANAGED, [State.UNMANAGED]),
        (replace(UNMANAGED, changed=False, last_rotated=None), [State.UNMANAGED]),
        (replace(UNMANAGED, next_rotation=NOW - 2 * DAY), [State.OVERDUE, State.UNMANAGED]),
        (replace(GOOD, expires=NOW + 30 * DAY + MOMENT), [State.OK]),
        (replace(GOOD, expires=NOW + 30 * DAY), [State.EXPIRING]),
        (replace(GOOD, expires=NOW + MOMENT), [State.EXPIRING]),
        (replace(GOOD, expires=NOW), [State.EXPIRED]),
        (replace(GOOD, expiry_readable=False), [State.EXPIRY_UNREADABLE]),
        (replace(GOOD, tagged=False), [State.UNTAGGED]),
        (replace(GOOD, last_read=NOW - UNUSED_AFTER - DAY), [State.OK]),
        (replace(GOOD, last_read=NOW - UNUSED_AFTER - DAY - MOMENT), [State.UNUSED]),
        (replace(GOOD, last_read=None), [State.UNUSED]),
        (replace(GOOD, last_read=None, created=NOW - UNUSED_AFTER), [State.OK]),
        (replace(GOOD, last_read=None, created=NOW - UNUSED_AFTER - MOMENT), [State.UNUSED]),
        (replace(GOOD, replicas=(("eu-west-1", "Failed"),)), [State.REPLICA_OUT_OF_SYNC]),
        (replace(GOOD, replicas=(("eu-west-1", "Missing"),), altered=NOW), [State.REPLICA_OUT_OF_SYNC]),
        (replace(GOOD, replicas=(("eu-west-1", "InProgress"),), altered=NOW - REPLICA_GRACE), [State.OK]),
        (
            replace(GOOD, replicas=(("eu-west-1", "InProgress"),), altered=NOW - REPLICA_GRACE - MOMENT),
            [State.REPLICA_OUT_OF_SYNC],
        ),
        (replace(GOOD, replicas=()), [State.OK]),
    ],
)
def test_every_state_that_holds_is_told(observation: Observation | None, states: list[State]) -> None:
    assert list(judge(observation, NOW)) == states


def test_the_worst_comes_first_when_several_things_are_wrong() -> None:
    worst = replace(
        GOOD,
        expires=NOW,
        pending_since=NOW - timedelta(days=1),
        rotation_enabled=False,
        next_rotation=NOW - timedelta(days=9),
        tagged=False,
    )

    assert judge(worst, NOW) == (State.EXPIRED, State.STUCK, State.OVERDUE, State.ROTATION_OFF, State.UNTAGGED)


@pytest.mark.parametrize(
    ("observation", "told"),
    [
        (None, [State.MISSING]),
        (GOOD, []),
        (replace(GOOD, pending_since=NOW), []),
        (replace(NEW, created=NOW - FIRST_VALUE_GRACE), []),
        (replace(NEW, created=NOW - FIRST_VALUE_GRACE - MOMENT), [State.NOT_INITIALIZED]),
        (replace(NEW, created=NOW, pending_since=NOW - STUCK_AFTER - MOMENT), [State.STUCK]),
        (replace(HALF_DEPLOYED, created=NOW - DEPLOYMENT_GRACE), []),
        (
            replace(HALF_DEPLOYED, created=NOW - DEPLOYMENT_GRACE - MOMENT),
            [State.ROTATION_OFF, State.REPLICA_OUT_OF_SYNC, State.UNTAGGED, State.UNMANAGED],
        ),
    ],
)
def test_a_secret_that_is_new_or_rotating_troubles_nobody(observation: Observation | None, told: list[State]) -> None:
    assert list(troubles(observation, NOW)) == told


@pytest.mark.parametrize(
    ("left", "days"), [(30 * DAY, 30), (7 * DAY + MOMENT, 30), (7 * DAY, 7), (DAY + MOMENT, 7), (DAY, 1), (-DAY, 1)]
)
def test_an_end_is_noticed_30_and_7_days_and_1_day_before(left: timedelta, days: int) -> None:
    assert notice(replace(GOOD, expires=NOW + left), NOW) == days


@pytest.mark.parametrize(
    ("due", "days"), [(NOW + DAY, 0), (NOW, 0), (NOW - DAY + MOMENT, 0), (NOW - DAY, 1), (NOW - 9 * DAY, 9), (None, 0)]
)
def test_days_overdue_are_whole(due: datetime | None, days: int) -> None:
    assert replace(GOOD, next_rotation=due).days_overdue(NOW) == days


@pytest.mark.parametrize(
    ("end", "days"), [(None, None), (NOW + 30 * DAY, 30), (NOW + DAY - MOMENT, 0), (NOW - MOMENT, -1)]
)
def test_days_left_are_whole(end: datetime | None, days: int | None) -> None:
    assert replace(GOOD, expires=end).days_left(NOW) == days


times = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
observations = st.builds(
    Observation,
    created=times,
    altered=times,
    deleted=st.none() | times,
    last_rotated=st.none() | times,
    value_since=st.none() | times,
    next_rotation=st.none() | times,
    pending_since=st.none() | times,
    last_read=st.none() | times,
    expires=st.none() | times,
    replicas=st.just(()) | st.just((("eu-west-1", "Failed"),)),
    **{
        name: st.booleans()
        for name in ("declared", "rotates", "rotation_enabled", "changed", "expiry_readable", "tagged")
    },
)


@given(observation=observations, now=times)
def test_states_are_ordered_once_each_and_ok_stands_alone(observation: Observation, now: datetime) -> None:
    states = judge(observation, now)

    order = list(State)
    assert states
    assert list(states) == sorted(set(states), key=order.index)
    assert (State.OK in states) == (states == (State.OK,))
    assert set(troubles(observation, now)) <= set(states) - {State.OK, State.ROTATING}


@given(observation=observations, now=times, later=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=900)))
def test_what_time_made_wrong_stays_wrong_until_something_changes(
    observation: Observation, now: datetime, later: timedelta
) -> None:
    lasting = {State.EXPIRED, State.STUCK, State.OVERDUE, State.UNUSED, State.REPLICA_OUT_OF_SYNC}

    assert set(judge(observation, now)) & lasting <= set(judge(observation, now + later))
