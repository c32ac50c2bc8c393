"""Where secrets come from: the seam that a cache sits on, and AWS behind it."""

import os
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from alees_secrets.documents import decode, encode
from alees_secrets.errors import SecretsError
from alees_secrets.kinds import kind_of
from alees_secrets.naming import SecretName, key_alias
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Answer = TypeVar("Answer")

CONNECT_TIMEOUT_SECONDS = 2
READ_TIMEOUT_SECONDS = 5
ATTEMPTS = 3
"""First call included; what is repeated is what botocore's standard retry mode repeats
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html)."""


class SecretSource(Protocol):
    """Reads and changes secrets. Names and fields that it is given are valid for their kind."""

    def read(self, name: SecretName, stage: VersionStage) -> SecretFields:
        """Return the value of *name* at *stage*."""

    def create(self, name: SecretName, fields: SecretFields) -> None:
        """Make a new secret."""

    def update(self, name: SecretName, fields: SecretFields) -> None:
        """Make *fields* the AWSCURRENT value of a secret that exists."""

    def rotate(self, name: SecretName, version_id: str | None) -> str:
        """Start a rotation, or take up that of *version_id*; return the id of the version that it makes."""


class AwsSecretSource:
    """Secrets Manager in one region. One call of it is one request.

    boto3 is imported, and a client made with the credentials that boto3 finds, by the first call. Threads may share an
    object; a forked process makes its own client. A call that gets no answer ends after three attempts of at most 2 s
    to connect and 5 s to read, and the pauses between them.

    Args:
        region: Such as ``eu-central-1``.
        client: Used instead of one made here, with its own credentials and waits; in forked processes too.

    Raises:
        SecretNotFoundError: There is no such secret, no version at the stage, or it is scheduled for deletion.
        SecretAccessDeniedError: The call, or the use of the secret's key, is denied.
        SecretUnavailableError: There was no answer or one that means AWS's own trouble, or there are no credentials.
            No error of boto3 is in the chain of any of these, since those may hold what was sent.
    """

    def __init__(self, region: str, *, client: "SecretsManagerClient | None" = None) -> None:
        self._region = region
        self._given = client
        self._made: tuple[int, SecretsManagerClient] | None = None

    def read(self, name: SecretName, stage: VersionStage) -> SecretFields:
        """Return the value of *name* at *stage*.

        The stage is always sent, and never a version id, so that policies can say which versions a role may read.

        Raises:
            SecretNotInitializedError: The secret has never had a value.
            SecretDamagedError: The value is not what the secret's kind requires.
        """
        answer = self._call(name, lambda client: client.get_secret_value(SecretId=str(name), VersionStage=stage))
        return decode(name, stage, answer.get("SecretString"))

    def create(self, name: SecretName, fields: SecretFields) -> None:
        """Make a new secret under its kind's key, with its tags and its value, in one request.

        Raises:
            InvalidSecretError: The value is too long; nothing was sent.
            SecretExistsError: There is a secret of that name, or one is scheduled for deletion.
        """
        kind, document = kind_of(name.path).name, encode(name, fields)
        tags = {"alees:environment": name.environment, "alees:kind": kind, "alees:managed-by": "client"}
        self._call(
            name,
            lambda client: client.create_secret(
                Name=str(name),
                ClientRequestToken=_token(),
                SecretString=document,
                KmsKeyId=key_alias(name.environment, kind),
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            ),
        )

    def update(self, name: SecretName, fields: SecretFields) -> None:
        """Make *fields* the AWSCURRENT value of *name*; the value before becomes AWSPREVIOUS.

        Raises:
            InvalidSecretError: The value is too long; nothing was sent.
        """
        document = encode(name, fields)
        self._call(
            name,
            lambda client: client.put_secret_value(
                SecretId=str(name), ClientRequestToken=_token(), SecretString=document
            ),
        )

    def rotate(self, name: SecretName, version_id: str | None) -> str:
        """Start a rotation of *name*, or take up that of *version_id*; return the id of the version that it makes.

        The schedule stays as it is.

        Raises:
            RotationRefusedError: Another one is under way, or no function is set up to rotate this secret.
        """
        answer = self._call(
            name, lambda client: client.rotate_secret(SecretId=str(name), ClientRequestToken=version_id or _token())
        )
        return answer["VersionId"]

    def _call(self, name: SecretName, request: Callable[["SecretsManagerClient"], Answer]) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see _new_client

        from alees_secrets import aws_errors  # noqa: PLC0415 - it imports botocore

        failure: SecretsError
        try:
            return request(self._client())
        except ClientError as error:
            failure = aws_errors.refusal(error, name, self._region)
        except BotoCoreError as error:
            failure = aws_errors.silence(error, name, self._region)
        raise failure  # here, where botocore's error is no longer its context

    def _client(self) -> "SecretsManagerClient":
        if self._given is not None:
            return self._given
        # A forked process must not share its parent's connections: gunicorn --preload forks after settings are read.
        # No lock: two threads that both make a client do no harm, and a lock held during a fork stays held.
        process = os.getpid()
        if self._made is None or self._made[0] != process:
            self._made = process, _new_client(self._region)
        return self._made[1]


def _new_client(region: str) -> "SecretsManagerClient":
    # Imported late: configuration, rotation functions and management commands use this package without AWS.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    # A session of its own: boto3's default one is not safe to use in threads.
    return boto3.session.Session().client("secretsmanager", region_name=region, config=config)


def _token() -> str:
    """Return a new idempotency token; boto3's retries send the same one again, so that AWS acts once."""
    return str(uuid.uuid4())
