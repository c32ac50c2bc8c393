"""How the status of an environment reads: a table of its secrets, then a line for each list of what is watched."""

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table

from alees_secrets.health import State
from operations.observe import SecretStatus
from operations.output import relative
from operations.watched import Watched

_STYLES = {
    State.OK: "green",
    State.ROTATING: "cyan",
    State.NOT_INITIALIZED: "yellow",
    State.EXPIRING: "yellow",
    State.EXPIRY_UNREADABLE: "yellow",
    State.UNTAGGED: "yellow",
    State.UNMANAGED: "yellow",
    State.UNUSED: "yellow",
}

_ACCESS = (State.UNUSED,)
_ROTATION = (State.STUCK, State.OVERDUE, State.ROTATION_OFF, State.ROTATING)
_HEALTH = tuple(state for state in State if state not in {*_ACCESS, *_ROTATION, State.OK})


def status_table(title: str, statuses: Sequence[SecretStatus], now: datetime) -> Table:
    """Return the table of secrets: name, kind, age of the value in use, next rotation, states; worst state first."""
    table = Table(title=title, title_justify="left")
    for heading in ("Secret", "Kind", "Value made", "Next due", "State"):
        table.add_column(heading, no_wrap=heading == "Secret")
    for status in statuses:
        seen = status.observation
        style = _STYLES.get(status.states[0], "bold red")
        words = ", ".join(_words(status, state, now) for state in status.states)
        made, due = (seen.value_since, seen.next_rotation) if seen else (None, None)
        table.add_row(
            status.path, status.kind, relative(made, now), relative(due, now) if due else "-", f"[{style}]{words}[/]"
        )
    return table


def watching_lines(statuses: Sequence[SecretStatus], watched: Watched, now: datetime) -> list[tuple[str, str]]:
    """Return a heading and a text for access, rotation and health, as the dashboard orders them, then for alarms."""
    planned = [
        (seen.next_rotation, each.path) for each in statuses if (seen := each.observation) and seen.next_rotation
    ]
    due, path = min(((due, path) for due, path in planned if due > now), default=(None, ""))
    upcoming = f"; next: {path} {relative(due, now)}" if due else "; none is planned"
    return [
        ("Access", _named(statuses, _ACCESS, now) or "every secret was read within 90 days, if only by its rotation"),
        ("Rotation", (_named(statuses, _ROTATION, now) or "all on time") + upcoming),
        ("Health", _named(statuses, _HEALTH, now) or "nothing missing, expiring, unmanaged or out of sync"),
        ("Alarms", _alarms(watched, now)),
        ("Alerts", _alerts(watched)),
    ]


def _named(statuses: Sequence[SecretStatus], states: Sequence[State], now: datetime) -> str:
    """Return which secrets are in one of *states*, and in which."""
    found = [
        f"{status.path} {_words(status, state, now)}"
        for state in states
        for status in statuses
        if state in status.states
    ]
    return "; ".join(found)


def _words(status: SecretStatus, state: State, now: datetime) -> str:
    """Return *state* with what is known besides."""
    seen = status.observation
    if seen is None:
        return state
    more = {
        State.OVERDUE: f" ({seen.days_overdue(now)} days)",
        State.EXPIRING: f" ({relative(seen.expires, now)})",
        State.EXPIRED: f" ({relative(seen.expires, now)})",
        State.REPLICA_OUT_OF_SYNC: f" ({', '.join(seen.lagging_regions(now))})",
    }
    return f"{state}{more.get(state, '')}"


def _alarms(watched: Watched, now: datetime) -> str:
    if watched.alarms is None:
        return _unseen(watched, "alarms")
    raised = "; ".join(f"{each.alert} since {relative(each.since, now)}: {each.name}" for each in watched.raised)
    return raised or f"none of {watched.alarms} is raised"


def _alerts(watched: Watched) -> str:
    if watched.subscribers is None:
        return _unseen(watched, "subscriptions")
    told = f"reach {watched.subscribers} subscribers" if watched.subscribers else "reach nobody"
    return told + (f"; not confirmed: {', '.join(watched.pending)}" if watched.pending else "")


def _unseen(watched: Watched, what: str) -> str:
    return next(f"cannot be seen: {why.partition(': ')[2]}" for why in watched.unseen if why.startswith(what))
