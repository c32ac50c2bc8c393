"""What is wrong with a secret, judged from what AWS says of it. Pure: no calls, no clock of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(days=1)
"""How long after the end of its window a rotation may be missing before it is overdue."""

STUCK_AFTER = timedelta(minutes=15)
"""How old a pending version may be before its rotation is stuck; Secrets Manager's own tries take a few minutes."""


class State(StrEnum):
    """How a secret is, in the order in which it is judged."""

    MISSING = "missing"
    UNMANAGED = "unmanaged"
    STUCK = "stuck"
    ROTATING = "rotating"
    NOT_INITIALIZED = "not initialised"
    ROTATION_OFF = "rotation off"
    OVERDUE = "overdue"
    OK = "ok"


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What AWS says of one secret (DescribeSecret, ListSecretVersionIds). All times are aware.

    Attributes:
        declared: Whether the environment's configuration declares it.
        rotates: Whether the configuration has it rotated by schedule.
        rotation_enabled: Whether Secrets Manager rotates it by schedule.
        changed: Whether it ever had another value than the one it was deployed with.
        last_rotated: End of the last rotation; None if there was none.
        next_rotation: By when the next is due; None without a schedule.
        pending_since: When the version that holds AWSPENDING alone was made; None without one.
    """

    declared: bool
    rotates: bool
    rotation_enabled: bool
    changed: bool
    last_rotated: datetime | None
    next_rotation: datetime | None
    pending_since: datetime | None


def judge(observation: Observation | None, now: datetime) -> State:
    """Return the first state that holds of a secret.

    Args:
        observation: What AWS says; None if it says that there is no such secret.
        now: Aware.
    """
    if observation is None:
        return State.MISSING
    conditions = {
        State.UNMANAGED: not observation.declared,
        State.STUCK: observation.pending_since is not None and now - observation.pending_since > STUCK_AFTER,
        State.ROTATING: observation.pending_since is not None,
        State.NOT_INITIALIZED: observation.last_rotated is None and not observation.changed,
        State.ROTATION_OFF: observation.rotates and not observation.rotation_enabled,
        State.OVERDUE: observation.next_rotation is not None and now - observation.next_rotation > GRACE,
    }
    return next((state for state, holds in conditions.items() if holds), State.OK)
