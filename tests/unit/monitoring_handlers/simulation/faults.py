"""What breaks in a month without anybody's doing, each with the alert that tells it and within how many minutes.

What happens is in the trail; how secrets and subscriptions are is seen by the look of each hour; what fell silent is
seen by alarms on the counts of each hour.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alees_secrets.health import GRACE, STUCK_AFTER, Observation
from tests.fakes.trail_records import ACCOUNT, RECOVERY_REGION, Record, arn, record

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_DELIVERY = 15

Breaks = Callable[[Observation, datetime], Observation | None]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that breaks.

    Attributes:
        name: What.
        alert: What is told of it.
        about: Whole name of the secret, endpoint, or part of the alarm's name that it is told of.
        minutes: Within how many.
        lasts: Until it is mended.
        event: What Secrets Manager sends by itself when it happens; empty for nothing.
        breaks: Returns how the secret is from its beginning on, given how it would be and when that was.
        pending: The endpoint has not confirmed.
    """

    name: str
    alert: str
    about: str
    minutes: int
    lasts: timedelta = 2 * DAY
    event: str = ""
    breaks: Breaks | None = None
    pending: bool = False

    def records(self, at: datetime) -> list[Record]:
        """Return what the trail has of it."""
        if not self.event:
            return []
        data = {"SecretId": arn(self.about.removeprefix("alees/prod/"))}
        identity = {"accountId": ACCOUNT, "invokedBy": "secretsmanager.amazonaws.com"}
        more = {"eventType": "AwsServiceEvent", "additionalEventData": data, "readOnly": False}
        return [record(identity, "secretsmanager", self.event, None, at, **more)]


def _event(name: str, alert: str, event: str, path: str) -> Fault:
    return Fault(name=name, alert=alert, about=f"alees/prod/{path}", minutes=_DELIVERY, event=event)


def _state(name: str, alert: str, path: str, breaks: Breaks, after: timedelta = timedelta()) -> Fault:
    """Return a fault that is wrong from *after* on, and seen with the next look."""
    minutes = (after + HOUR) // _MINUTE + 1
    return Fault(
        name=name, alert=alert, about=f"alees/prod/{path}", minutes=minutes, lasts=after + 2 * DAY, breaks=breaks
    )


def _ends_in(days: int) -> Breaks:
    return lambda seen, at: replace(seen, expires=at + days * DAY)


PENDING = "https://pager.alees.example/sns"

FAULTS = (
    _event("rotation failed", "rotation-failed", "RotationFailed", "jwt/credentials"),
    _event("rotation abandoned", "rotation-abandoned", "RotationAbandoned", "api/partners/key"),
    _event("rotation's test failed", "rotation-test-failed", "TestRotationFailed", "email/credentials"),
    _state(
        "rotation stuck",
        "rotation-stuck",
        "api/payments/key",
        lambda seen, at: replace(seen, pending_since=at),
        STUCK_AFTER,
    ),
    _state("overdue", "rotation-overdue", "email/credentials", lambda seen, at: replace(seen, next_rotation=at), GRACE),
    _state(
        "rotation off", "rotation-still-off", "jwt/credentials", lambda seen, _: replace(seen, rotation_enabled=False)
    ),
    _state(
        "replica out of sync",
        "replica-out-of-sync",
        "database/credentials",
        lambda seen, _: replace(seen, replicas=((RECOVERY_REGION, "Failed"),)),
    ),
    _state("ends in 30 days", "secret-expiring", "api/legacy/key", _ends_in(30)),
    _state("ends in 7 days", "secret-expiring-soon", "api/partners/key", _ends_in(7)),
    _state("ends tomorrow", "secret-ending", "api/payments/key", _ends_in(1)),
    _state("deleted", "secret-missing", "api/legacy/key", lambda seen, at: replace(seen, deleted=at)),
    _state("gone", "secret-missing", "email/credentials", lambda _seen, _at: None),
    _state("unused", "secret-unused", "api/partners/key", lambda seen, at: replace(seen, last_read=at - 91 * DAY)),
    Fault(name="not confirmed subscription", alert="subscription-missing", about=PENDING, minutes=61, pending=True),
)
"""Each of another alert or secret, so that what is told can be laid to the one or the other."""
