"""The client of IAM, and calls with botocore's errors turned into rotation errors; none of them leaves this module."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rotation_handlers.errors import Cause, RotationError

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

Answer = TypeVar("Answer")


class AbsentError(Exception):
    """There is no such user or key."""


class LimitError(Exception):
    """The user has as many keys as IAM allows."""


@functools.cache
def shared_client() -> "IAMClient":
    """Return the function's client, made once per execution environment.

    A call is tried once: a second CreateAccessKey after a lost reply would make a second key. Secrets Manager tries
    the step again.
    """
    waits = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 1})
    return boto3.client("iam", config=waits)


def ask(request: Callable[[], Answer]) -> Answer:
    """Return what *request* answers.

    Args:
        request: Makes one call of a boto3 client.

    Raises:
        AbsentError: IAM knows no such user or key.
        LimitError: The user has two keys.
        RotationError: It failed otherwise. Raised outside the except blocks: it chains to nothing of botocore's.
    """
    failure: Exception
    try:
        return request()
    except ClientError as error:
        failure = _failure(error)
    except BotoCoreError as error:
        failure = RotationError(Cause.PROVIDER, f"IAM did not answer ({type(error).__name__})")
    raise failure


def _failure(error: ClientError) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    if code in {"NoSuchEntity", "NoSuchEntityException"}:
        return AbsentError()
    if code in {"LimitExceeded", "LimitExceededException"}:
        return LimitError()
    if code.startswith("AccessDenied"):
        return RotationError(Cause.IAM, f"{error.operation_name} is denied to the function's role")
    return RotationError(Cause.PROVIDER, f"{error.operation_name} failed ({code})")
