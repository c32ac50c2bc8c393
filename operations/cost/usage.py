"""How much of everything an environment is assumed to use in a month: all assumptions, in this one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

HOURS = 730
"""Hours of a month, as AWS's own calculator has it."""

DAYS = HOURS / 24


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionUse:
    """How one function is used in a month.

    Attributes:
        invocations: How often.
        seconds: How long each takes.
        metrics: Names of the metrics that its log lines make; they are paid by the hour in which they have data.
        metric_hours: In how many hours they have.
        calls: Calls of Secrets Manager in one invocation.
        events: Events that one invocation puts on the bus.
    """

    invocations: float
    seconds: float
    metrics: tuple[str, ...] = ()
    metric_hours: float = HOURS
    calls: float = 0
    events: float = 0


_WORKERS = 20
_SECRETS_IN_USE = 3
_READS_PER_DAY = _WORKERS * _SECRETS_IN_USE * 12 * 60

_FUNCTIONS = {
    # Four steps and a canary, each month; SES and API keys need less.
    "Rotation": FunctionUse(invocations=10, seconds=5, metrics=("sessions_of_changed_login",), metric_hours=1, calls=8),
    "Health": FunctionUse(
        invocations=HOURS,
        seconds=5,
        metrics=("HealthRuns", "SecretsUnhealthy", "OldestDaysOverdue", "RotationsSucceeded", "RotationsStuck"),
        # Of ten secrets: one lists, and two look at each but the honey secret.
        calls=19,
        events=0.1,
    ),
    # Ten records of the trail arrive together.
    "AccessWatch": FunctionUse(
        invocations=_READS_PER_DAY * DAYS / 10,
        seconds=0.1,
        metrics=("Reads", "DeniedReads", "WatchedRecords"),
        events=0.001,
    ),
    "Alerting": FunctionUse(invocations=200, seconds=1),
}

_TABLES = {"Told": 400.0, "Memory": _READS_PER_DAY * DAYS / 10 * _SECRETS_IN_USE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What is assumed.

    Attributes:
        reads_per_day: Values read. 20 worker processes, busy for 12 hours, with three secrets in use each, which the
            client reads anew each minute (``ttl_seconds``).
        read_events: Events of the trail for one read: Secrets Manager's, and KMS's of the decryption.
        read_bytes: What one read moves.
        other_events_per_day: All else that happens in the account and is in the trail.
        event_bytes: Length of an event.
        line_bytes: What a function's invocation writes to its log, with Lambda's own lines.
        kept_months: How many months of logs and files are there: the end of the first year.
        kept_share: What is left of logs when they are kept compressed.
        trail_files: Files that the trail writes: one in five minutes for each of three regions in use.
        file_share: What is left of events in compressed files.
        alerts: Alerts sent, to two addresses.
        table_writes: By the id of the table's construct: one for an event that may be told; one for each secret in
            a batch of ten reads.
        dashboard_views: How often somebody opens the dashboard; its queries read a day of the trail each time.
        backup_bytes: What the backups of a month take.
        functions: By the end of the id of their construct.
    """

    reads_per_day: float = _READS_PER_DAY
    read_events: float = 2
    read_bytes: float = 6_000
    other_events_per_day: float = 20_000
    event_bytes: float = 1_500
    line_bytes: float = 1_500
    kept_months: float = 12
    kept_share: float = 0.15
    trail_files: float = 3 * 12 * HOURS
    file_share: float = 0.1
    alerts: float = 40
    table_writes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType(_TABLES))
    dashboard_views: float = 60
    backup_bytes: float = 5_000_000
    functions: Mapping[str, FunctionUse] = field(default_factory=lambda: MappingProxyType(_FUNCTIONS))

    @property
    def trail_gigabytes(self) -> float:
        """Return what the trail writes in a month."""
        events = self.reads_per_day * self.read_events + self.other_events_per_day
        return events * DAYS * self.event_bytes / 1e9
