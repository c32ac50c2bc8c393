"""Lambda's entry point for the look that is had every hour."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import boto3

from monitoring_handlers.health.look import Clients, look
from monitoring_handlers.health.settings import HealthSettings
from monitoring_handlers.telling import tell

_PACKAGE = Path(__file__).parents[2]


@cache
def _clients() -> Clients:
    return Clients(
        secrets=boto3.client("secretsmanager"),
        events=boto3.client("events"),
        topics=boto3.client("sns"),
        trail=boto3.client("cloudtrail"),
    )


def handler(event: Mapping[str, object], _context: object) -> None:
    """Look at the environment for an event of EventBridge's schedule."""
    tell(lambda line: look(event, HealthSettings.read(_PACKAGE, os.environ), _clients(), line))
