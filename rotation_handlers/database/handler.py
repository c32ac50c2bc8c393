"""Lambda's entry point for the database secret's rotation."""

import functools
import os
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from rotation_handlers.database.admin import AdminSecret
from rotation_handlers.database.alternating import AlternatingLogins
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.edge import handle

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def handler(event: object, context: LambdaContext) -> None:
    """Do one step of the database secret's rotation; see rotation_handlers.edge.handle."""
    client = _client()

    def strategy(deadline: Deadline) -> AlternatingLogins:
        settings = DatabaseSettings.from_environment(os.environ)
        return AlternatingLogins(settings, deadline, AdminSecret(client, settings.admin_secret).read)

    handle(event, context, client, strategy)


@functools.cache
def _client() -> "SecretsManagerClient":
    """Return the function's client, made once per execution environment; waits are short, for the deadline's sake."""
    waits = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.client("secretsmanager", config=waits)
