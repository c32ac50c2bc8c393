"""The client of Secrets Manager, and calls with botocore's errors turned into rotation errors.

No exception of botocore leaves this module, and none that holds a value.
"""

import functools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, RotationError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Answer = TypeVar("Answer")


@functools.cache
def shared_client() -> "SecretsManagerClient":
    """Return the function's client, made once per execution environment.

    A call takes at most 2 attempts of 2 s to connect and 3 s to read: less than the deadline's margin.
    """
    waits = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client("secretsmanager", config=waits)


def call(
    request: Callable[[], Answer],
    *,
    absent: Callable[[], Exception] | None = None,
    exists: Callable[[], Exception] | None = None,
) -> Answer:
    """Return what *request* answers.

    Args:
        request: Makes one call of a boto3 client.
        absent: Error for a version that is not there or does not hold the label asked for.
        exists: Error for a version that has another value already.

    Raises:
        RotationError: The call failed; raised outside the except blocks, so that it chains to nothing of botocore's.
    """
    try:
        return request()
    except ClientError as error:
        failure = _failure(error, absent, exists)
    except BotoCoreError as error:
        failure = RotationError(Cause.SECRETS_MANAGER, f"Secrets Manager did not answer ({type(error).__name__})")
    raise failure


def _failure(
    error: ClientError, absent: Callable[[], Exception] | None, exists: Callable[[], Exception] | None
) -> Exception:
    operation = error.operation_name
    told = error.response.get("Error", {})
    code, message = told.get("Code", ""), told.get("Message", "")
    if "marked for deletion" in message:
        return RotationError(Cause.SECRETS_MANAGER, f"{operation} failed: the secret is scheduled for deletion")
    if absent and code in {"ResourceNotFoundException", "InvalidRequestException"}:
        return absent()
    if exists and code == "ResourceExistsException":
        return exists()
    if code in {"DecryptionFailure", "EncryptionFailure"} or "KMS" in code + message:
        return RotationError(Cause.KMS, f"{operation} failed because the secret's KMS key cannot be used ({code})")
    if code.startswith("AccessDenied"):
        return RotationError(Cause.IAM, f"{operation} is denied to the function's role")
    return RotationError(Cause.SECRETS_MANAGER, f"{operation} failed ({code})")


def parse(document: str | None) -> SecretFields | None:
    """Return the fields in *document*, or None if it is no JSON object; json's own error would carry the value."""
    try:
        fields = json.loads(document or "")
    except ValueError:
        return None
    return SecretFields(fields) if isinstance(fields, dict) else None
