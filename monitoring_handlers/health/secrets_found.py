"""What is to be told of an environment's secrets. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from alees_secrets import naming
from alees_secrets.health import Observation, State, notice, troubles
from alees_secrets.observing import Declared
from monitoring_handlers.findings import Fact, Finding

Observed = Sequence[tuple[str, Observation | None]]

_ALERTS = {
    State.MISSING: "secret-missing",
    State.DELETED: "secret-missing",
    State.STUCK: "rotation-stuck",
    State.OVERDUE: "rotation-overdue",
    State.ROTATION_OFF: "rotation-still-off",
    State.NOT_INITIALIZED: "not-initialised",
    State.REPLICA_OUT_OF_SYNC: "replica-out-of-sync",
    State.EXPIRED: "secret-ending",
    State.EXPIRY_UNREADABLE: "expiry-unreadable",
    State.UNTAGGED: "secret-untagged",
    State.UNMANAGED: "secret-unmanaged",
    State.UNUSED: "secret-unused",
}
"""State to alert; EXPIRING has three, by how near the end is."""

_EXPIRING = {30: "secret-expiring", 7: "secret-expiring-soon", 1: "secret-ending"}

_HOUR = timedelta(hours=1)


def find(declared: Declared, observed: Observed, now: datetime) -> Iterator[Finding]:
    """Yield a finding for each thing that is wrong with a secret."""
    for path, seen in observed:
        for state in troubles(seen, now):
            yield Finding(
                alert=_ALERTS.get(state) or _expiring(seen, now),
                environment=declared.environment,
                about=naming.prefix(declared.environment) + path,
                at=now,
                facts=_facts(state, seen, now),
            )


def counts(observed: Observed, now: datetime) -> dict[str, int]:
    """Return the metrics of one look; rotations are those of the hour before *now*."""
    states = [troubles(seen, now) for _, seen in observed]
    return {
        "HealthRuns": 1,
        "SecretsUnhealthy": sum(bool(each) for each in states),
        "OldestDaysOverdue": max((seen.days_overdue(now) for _, seen in observed if seen), default=0),
        "RotationsSucceeded": len(durations(observed, now)),
        "RotationsStuck": sum(State.STUCK in each for each in states),
    }


def durations(observed: Observed, now: datetime) -> dict[str, float | None]:
    """Return path to seconds of each rotation that ended in the hour before *now*; None where that is not known."""
    return {
        path: round(seen.rotated_in.total_seconds(), 1) if seen.rotated_in else None
        for path, seen in observed
        if seen and seen.last_rotated and now - _HOUR < seen.last_rotated <= now
    }


def _expiring(seen: Observation | None, now: datetime) -> str:
    return _EXPIRING[notice(seen, now) if seen else 1]


def _facts(state: State, seen: Observation | None, now: datetime) -> Mapping[str, Fact]:
    """Return what the alert's text says besides the secret's name."""
    if seen is None or state is State.DELETED:
        return {"state": state.value}
    overdue: dict[str, Fact] = {"days": seen.days_overdue(now), "due": _day(seen.next_rotation)}
    ending: dict[str, Fact] = {"ends": _day(seen.expires), "left": _left(seen.days_left(now))}
    facts: dict[State, dict[str, Fact]] = {
        State.OVERDUE: overdue,
        State.STUCK: {"minutes": (now - (seen.pending_since or now)) // timedelta(minutes=1)},
        State.NOT_INITIALIZED: {"days": (now - seen.created) // timedelta(days=1)},
        State.EXPIRING: ending,
        State.EXPIRED: ending,
        State.REPLICA_OUT_OF_SYNC: {"regions": ", ".join(seen.lagging_regions(now))},
        State.UNUSED: {"last_read": _day(seen.last_read)},
    }
    return facts.get(state, {})


def _day(moment: datetime | None) -> str:
    return "never" if moment is None else moment.date().isoformat()


def _left(days: int | None) -> str:
    if days is None or days < 0:
        return "it has ended"
    return "less than a day is left" if days == 0 else f"{days} days are left" if days > 1 else "1 day is left"
