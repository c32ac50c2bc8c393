"""The look of each hour, over a month in which the secrets rotate, and what breaks is broken for a while."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from alees_secrets.health import Observation
from alees_secrets.observing import Declared
from monitoring_handlers.findings import Finding
from monitoring_handlers.health import secrets_found
from monitoring_handlers.health.surroundings import find_missing_subscriptions
from tests.fakes.trail_records import RECOVERY_REGION
from tests.unit.monitoring_handlers.simulation.faults import PENDING, Fault
from tests.unit.monitoring_handlers.simulation.ordinary import (
    DAYS,
    NEW_SERVICE,
    NEW_SERVICE_DAY,
    PATHS,
    ROTATIONS,
    START,
)

_DAY = timedelta(days=1)
_LOOKED_AT = (*(path for path in PATHS if path != "admin/credentials"), NEW_SERVICE)
_DECLARED = Declared(
    environment="prod",
    paths=_LOOKED_AT,
    rotated=_LOOKED_AT,
    unjudged=("admin/credentials",),
    recovery_region=RECOVERY_REGION,
)
_TOPIC = "arn:aws:sns:eu-central-1:111122223333:AleesSecretsProd-Alerts"
_EVERY = {"database/credentials": 30, "jwt/credentials": 30}
"""Days between rotations; 90 for all others."""


@dataclass(frozen=True)
class PlacedFault:
    """A fault in the month."""

    fault: Fault
    at: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether it is not mended yet."""
        return self.at <= now < self.at + self.fault.lasts


class _Topics:
    """SNS, as far as it lists who is subscribed."""

    def __init__(self, *, pending: bool) -> None:
        self._arn = "PendingConfirmation" if pending else f"{_TOPIC}:1f2a"

    def get_paginator(self, _operation: str) -> "_Topics":
        return self

    def paginate(self, **_asked: str) -> list[dict[str, Any]]:
        mail = {"Endpoint": "oncall@alees.example", "SubscriptionArn": f"{_TOPIC}:2b3c"}
        return [{"Subscriptions": [mail, {"Endpoint": PENDING, "SubscriptionArn": self._arn}]}]


def look_times(silent: tuple[datetime, datetime] | None = None) -> list[datetime]:
    """Return when health looks; between the times *silent* it does not."""
    times = [START + timedelta(hours=hour, minutes=7) for hour in range(DAYS * 24)]
    return [each for each in times if silent is None or not silent[0] <= each < silent[1]]


def looks(faults: Sequence[PlacedFault], times: Sequence[datetime]) -> Iterator[tuple[datetime, Finding]]:
    """Yield what health tells at its looks."""
    for now in times:
        holding = [each for each in faults if each.holds(now)]
        for found in secrets_found.find(_DECLARED, [*_observed(holding, now)], now):
            yield now, found
        topics = cast("Any", _Topics(pending=any(each.fault.pending for each in holding)))
        endpoints = ("oncall@alees.example", PENDING)
        for found in find_missing_subscriptions(topics, _TOPIC, endpoints, "prod", now):
            yield now, found


def _observed(holding: Sequence[PlacedFault], now: datetime) -> Iterator[tuple[str, Observation | None]]:
    for path in _LOOKED_AT:
        seen: Observation | None = _ordinary(path, now)
        if seen is None:
            continue  # not deployed yet, and so not declared
        for each in holding:
            if each.fault.about == f"alees/prod/{path}" and each.fault.breaks is not None and seen is not None:
                seen = each.fault.breaks(seen, each.at)
        yield path, seen


def _ordinary(path: str, now: datetime) -> Observation | None:
    """Return how a secret is when nothing is wrong; None before it was deployed."""
    created = START - 200 * _DAY
    days: tuple[int, ...] = ROTATIONS[path][1] if path in ROTATIONS else ()
    if path == NEW_SERVICE:
        created, days = START + timedelta(days=NEW_SERVICE_DAY, hours=10), (NEW_SERVICE_DAY,)
    if now < created:
        return None
    every, first = _EVERY.get(path, 90) * _DAY, START + timedelta(days=days[0], hours=2)
    rotated = first if now >= first else max(first - every, created)
    due = rotated + every + timedelta(hours=2)
    return Observation(
        declared=True,
        rotates=True,
        rotation_enabled=True,
        changed=True,
        created=created,
        altered=rotated,
        last_rotated=rotated,
        value_since=rotated,
        next_rotation=due,
        pending_since=None,
        last_read=now.replace(hour=0, minute=0),
        replicas=((RECOVERY_REGION, "InSync"),),
    )
