"""The client of AWS behind the source, and calls of it that leave no trace of values.

botocore is imported, and a client made with the credentials that boto3 finds too, by the first call. A forked process
makes its own client.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from alees_secrets.errors import SecretsError
from alees_secrets.muting import mute_botocore, muted
from alees_secrets.naming import SecretName

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Answer = TypeVar("Answer")

CONNECT_TIMEOUT_SECONDS = 2
READ_TIMEOUT_SECONDS = 5
ATTEMPTS = 3
"""First call included; what is repeated is what botocore's standard retry mode repeats
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html)."""

LONGEST_CALL_SECONDS = 25.0
"""How long a call without an answer takes at most: all attempts, and at most 1 and 2 s between them."""


class AwsClient:
    """A client for each process, and its calls.

    Args:
        region: Such as ``eu-central-1``.
        given: Used instead of one made here; in forked processes too.
    """

    def __init__(self, region: str, given: "SecretsManagerClient | None" = None) -> None:
        self.region = region
        self._given = given
        self._made: tuple[int, SecretsManagerClient] | None = None

    def call(self, name: SecretName, request: "Callable[[SecretsManagerClient], Answer]") -> "Answer | SecretsError":
        """Return the answer to a call about *name*, or the error to raise.

        Nothing is raised here, nor is an error of boto3 in the chain of what is returned: frames and errors alike may
        hold what was sent.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see the module

        from alees_secrets import aws_errors  # noqa: PLC0415 - it imports botocore

        try:
            with muted():
                return request(self.client())
        except ClientError as error:
            return aws_errors.refusal(error, name, self.region)
        except BotoCoreError as error:
            return aws_errors.silence(error, name, self.region)

    def client(self) -> "SecretsManagerClient":
        """Return this process's client."""
        if self._given is not None:
            mute_botocore()
            return self._given
        # A forked process must not share its parent's connections: gunicorn --preload forks after settings are read.
        # No lock: two threads that both make a client do no harm, and a lock held during a fork stays held.
        process = os.getpid()
        if self._made is None or self._made[0] != process:
            self._made = process, _new_client(self.region)
            mute_botocore()
        return self._made[1]


def _new_client(region: str) -> "SecretsManagerClient":
    # Imported late: configuration, rotation functions and management commands use this package without AWS. What boto3
    # adds to botocore, resources, is not used here, and its import takes as long as that of this package.
    from botocore.config import Config  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    config = Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    # A session of its own, since sessions are not safe to share between threads. It finds credentials as boto3's does.
    client = Session().create_client("secretsmanager", region_name=region, config=config)
    return cast("SecretsManagerClient", client)
