"""One look at an environment: judge, count, tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alees_secrets.observing import observe_all
from monitoring_handlers.health import secrets_found
from monitoring_handlers.health.settings import HealthSettings
from monitoring_handlers.health.surroundings import find_missing_subscriptions, find_silent_trail
from monitoring_handlers.metrics import embedded_metrics
from monitoring_handlers.sending import beat, send

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True, kw_only=True, slots=True)
class Clients:
    """boto3 clients."""

    secrets: "SecretsManagerClient"
    events: "EventBridgeClient"
    topics: "SNSClient"
    trail: "CloudTrailClient"


def look(event: Mapping[str, object], settings: HealthSettings, clients: Clients, line: dict[str, object]) -> None:
    """Tell what is wrong at the time of *event*.

    Each part is told before the next is looked at, so that a failure of one hides nothing of those before it; the
    metrics come last: a look that was not finished does not count as one.

    Args:
        event: EventBridge's, with the time for which it was scheduled.
        settings: What is looked at.
        clients: With which.
        line: The log line; gets counts and metrics.

    Raises:
        Exception: Something could not be seen or sent.
    """
    now, environment = datetime.fromisoformat(str(event["time"])), settings.declared.environment
    beat(clients.events, environment)
    observed = observe_all(clients.secrets, settings.declared)
    found = list(secrets_found.find(settings.declared, observed, now))
    send(clients.events, found)
    missing = find_missing_subscriptions(clients.topics, settings.topic_arn, settings.endpoints, environment, now)
    send(clients.events, around := list(missing))
    if settings.trail_arn is not None:
        silent = list(find_silent_trail(clients.trail, settings.trail_arn, environment, now))
        send(clients.events, silent)
        around += silent
    line["findings"] = sorted(f"{each.alert} {each.about}" for each in (*found, *around))
    line["rotated_in_seconds"] = secrets_found.durations(observed, now)
    line |= embedded_metrics(environment, secrets_found.counts(observed, now))
