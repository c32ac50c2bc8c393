"""What is wrong with a secret, judged from what AWS says of it. Pure: no calls, no clock of its own.

``./alees-secrets status`` shows the judgement, and the function that looks every hour tells of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(days=1)
"""How long after the end of its window a rotation may be missing before it is overdue."""

STUCK_AFTER = timedelta(minutes=15)
"""How old a pending version may be before its rotation is stuck; Secrets Manager's own tries take a few minutes."""

FIRST_VALUE_GRACE = timedelta(days=1)
"""How long a new secret may have no value of its own before somebody is told."""

DEPLOYMENT_GRACE = timedelta(hours=1)
"""How long after a secret was made a deployment may still be giving it its schedule, replica and place among others."""

EXPIRY_NOTICES = (30, 7, 1)
"""Days before the end of a value at which it is told, each time more urgently."""

UNUSED_AFTER = timedelta(days=90)
"""How long nobody may have read a value; rotations read it too."""

REPLICA_GRACE = timedelta(hours=1)
"""How long after a change a replica may be on its way."""

_DAY = timedelta(days=1)


class State(StrEnum):
    """How a secret is, worst first."""

    MISSING = "missing"
    DELETED = "being deleted"
    EXPIRED = "expired"
    STUCK = "stuck"
    OVERDUE = "overdue"
    ROTATION_OFF = "rotation off"
    NOT_INITIALIZED = "not initialised"
    REPLICA_OUT_OF_SYNC = "replica out of sync"
    EXPIRING = "expiring"
    EXPIRY_UNREADABLE = "expiry unreadable"
    UNTAGGED = "untagged"
    UNMANAGED = "unmanaged"
    UNUSED = "unused"
    ROTATING = "rotating"
    OK = "ok"


_OF_DEPLOYMENTS = {State.ROTATION_OFF, State.REPLICA_OUT_OF_SYNC, State.UNTAGGED, State.UNMANAGED}
"""What a deployment mends by itself when it goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What AWS says of one secret (DescribeSecret, ListSecretVersionIds). All times are aware.

    Attributes:
        declared: Whether the environment's configuration declares it.
        rotates: Whether the configuration has it rotated by schedule.
        rotation_enabled: Whether Secrets Manager rotates it by schedule.
        changed: Whether it ever had another value than the one it was deployed with.
        created: When it was made.
        altered: When anything of it was changed last.
        deleted: When its deletion was asked for; None if it was not.
        last_rotated: End of the last rotation; None if there was none.
        rotated_in: How long the last rotation took, from the making of its version; None if that is not known.
        value_since: When the value in use was made, as far as that is known.
        next_rotation: By when the next is due; None without a schedule.
        pending_since: When the version that holds AWSPENDING alone was made; None without one.
        last_read: The day on which a value was read last, its midnight (UTC); None if none was.
        expires: When the value in use ends, as its tag says; None without the tag.
        expiry_readable: Whether that tag, if there is one, holds a date.
        tagged: Whether its tag names its environment.
        replicas: Region to status of each replica; a region where one is missing has the status ``Missing``.
    """

    declared: bool
    rotates: bool
    rotation_enabled: bool
    changed: bool
    created: datetime
    altered: datetime
    deleted: datetime | None = None
    last_rotated: datetime | None
    rotated_in: timedelta | None = None
    value_since: datetime | None
    next_rotation: datetime | None
    pending_since: datetime | None
    last_read: datetime | None
    expires: datetime | None = None
    expiry_readable: bool = True
    tagged: bool = True
    replicas: tuple[tuple[str, str], ...] = ()

    def lagging_regions(self, now: datetime) -> tuple[str, ...]:
        """Return the regions whose replica is not the secret's copy; one on its way has an hour."""
        fresh = now - self.altered <= REPLICA_GRACE
        fine = {"InSync", "InProgress"} if fresh else {"InSync"}
        return tuple(region for region, status in self.replicas if status not in fine)

    def days_overdue(self, now: datetime) -> int:
        """Return the whole days since a rotation was due; 0 if none is."""
        return 0 if self.next_rotation is None else max((now - self.next_rotation) // _DAY, 0)

    def days_left(self, now: datetime) -> int | None:
        """Return the whole days until the value ends, less than 0 if it has; None if it does not end."""
        return None if self.expires is None else (self.expires - now) // _DAY


def judge(observation: Observation | None, now: datetime) -> tuple[State, ...]:
    """Return every state that holds of a secret, worst first; OK alone if nothing else does.

    Args:
        observation: What AWS says; None if it says that there is no such secret.
        now: Aware.
    """
    if observation is None:
        return (State.MISSING,)
    seen = observation
    if seen.deleted is not None:
        return (State.DELETED,)
    pending = seen.pending_since is not None
    stuck = seen.pending_since is not None and now - seen.pending_since > STUCK_AFTER
    initialized = seen.last_rotated is not None or seen.changed
    conditions = {
        State.EXPIRED: seen.expires is not None and now >= seen.expires,
        State.STUCK: stuck,
        State.OVERDUE: seen.next_rotation is not None and now - seen.next_rotation > GRACE,
        State.ROTATION_OFF: seen.rotates and not seen.rotation_enabled,
        State.NOT_INITIALIZED: seen.declared and not initialized and (stuck or not pending),
        State.REPLICA_OUT_OF_SYNC: bool(seen.lagging_regions(now)),
        State.EXPIRING: seen.expires is not None and now < seen.expires <= now + EXPIRY_NOTICES[0] * _DAY,
        State.EXPIRY_UNREADABLE: not seen.expiry_readable,
        State.UNTAGGED: not seen.tagged,
        State.UNMANAGED: not seen.declared,
        State.UNUSED: _is_unused(seen, now),
        State.ROTATING: pending and not stuck,
    }
    return tuple(state for state, holds in conditions.items() if holds) or (State.OK,)


def troubles(observation: Observation | None, now: datetime) -> tuple[State, ...]:
    """Return the states that somebody has to see to, worst first: not those of a secret that is new or rotating."""
    fine = {State.OK, State.ROTATING}
    if observation is not None:
        age = now - observation.created
        fine |= {State.NOT_INITIALIZED} if age <= FIRST_VALUE_GRACE else set()
        fine |= _OF_DEPLOYMENTS if age <= DEPLOYMENT_GRACE else set()
    return tuple(state for state in judge(observation, now) if state not in fine)


def notice(observation: Observation, now: datetime) -> int:
    """Return which of EXPIRY_NOTICES the end of a value has come to; the last one from then on."""
    left = observation.expires - now if observation.expires else EXPIRY_NOTICES[0] * _DAY
    return next((days for days in reversed(EXPIRY_NOTICES) if left <= days * _DAY), EXPIRY_NOTICES[0])


def _is_unused(seen: Observation, now: datetime) -> bool:
    """Tell whether nobody read a value for 90 days; a read may have been as late as the end of its day."""
    since = seen.created if seen.last_read is None else max(seen.created, seen.last_read + _DAY)
    return now - since > UNUSED_AFTER
