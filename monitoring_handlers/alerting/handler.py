"""Lambda's entry point for alerts."""

import os
from functools import cache

import boto3
from botocore.config import Config

from monitoring_handlers.alerting.publishing import Clients, alert
from monitoring_handlers.alerting.reading import Event
from monitoring_handlers.alerting.settings import AlertingSettings
from monitoring_handlers.telling import tell


@cache
def _clients() -> Clients:
    """Return the clients; no call takes much more than ten seconds, so that a silent table does not use up the time."""
    waits = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
    return Clients(
        sns=boto3.client("sns", config=waits),
        dynamodb=boto3.client("dynamodb", config=waits),
        kms=boto3.client("kms", config=waits),
    )


def handler(event: Event, _context: object) -> None:
    """Publish the alert that an event of EventBridge calls for."""
    tell(lambda line: alert(event, AlertingSettings.from_environment(os.environ), _clients(), line))
