"""Rotate one secret by policy and watch it until it is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from alees_secrets import SecretsError, SecretsManager, Settings
from alees_secrets.source import AwsSecretSource
from operations.errors import OperationError
from operations.observe import describe, describe_failure, pending_version
from operations.target import Target

_POLL_SECONDS = 1.0


class Phase(StrEnum):
    """How far a rotation is, as its labels tell."""

    PENDING = "waiting for the rotation function"
    DONE = "done"
    ABANDONED = "abandoned: its version has no label any more"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A rotation that is over.

    Attributes:
        path: Path of the secret.
        version_id: Version that it made, which is AWSCURRENT now.
        seconds: How long it took.
    """

    path: str
    version_id: str
    seconds: float


def start(target: Target, path: str) -> str:
    """Start a rotation, or take up the one that was left half-way, and return the id of the version it makes.

    Secrets Manager refuses a new rotation while AWSPENDING is on a version that is not AWSCURRENT; the token of that
    version takes it up where it stopped
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html).

    Raises:
        OperationError: Secrets Manager does not start it.
    """
    settings = Settings(environment=target.environment.slug, region=target.environment.region)
    source = AwsSecretSource(target.environment.region, client=target.client)
    try:
        left = _left_pending(target, path)
        return SecretsManager(settings, source=source).rotate_secret(path, version_id=left)
    except SecretsError as error:
        problem = str(error)
    except (BotoCoreError, ClientError) as error:
        problem = f"{path} cannot be described: {describe_failure(error)}"
    raise OperationError(problem)


def _left_pending(target: Target, path: str) -> str | None:
    """Return the version that holds AWSPENDING but not AWSCURRENT."""
    answer = describe(target, path)
    return pending_version(answer["VersionIdsToStages"]) if answer else None


def wait(
    target: Target,
    path: str,
    version_id: str,
    *,
    timeout_seconds: float,
    progress: Callable[[Phase, float], None],
) -> Rotation:
    """Return when the rotation that makes *version_id* is over.

    Args:
        target: Where the secret is.
        path: Path of the secret.
        version_id: What start returned.
        timeout_seconds: How long to wait.
        progress: Called about every second with the phase and the seconds since the wait began.

    Raises:
        OperationError: It was abandoned, is not over in time, or AWS does not answer.
    """
    began = time.monotonic()
    while True:
        phase, seconds = _phase(target, path, version_id), time.monotonic() - began
        progress(phase, seconds)
        if phase is Phase.DONE:
            return Rotation(path, version_id, seconds)
        if phase is Phase.ABANDONED:
            raise OperationError(f"the rotation of {path} was {phase}; look at: ./alees-secrets status")
        if seconds > timeout_seconds:
            raise OperationError(
                f"the rotation of {path} is not over after {seconds:.0f} s; its function's log says why, and "
                "docs/runbooks/rotation.md what to do; the value in use has not changed"
            )
        time.sleep(_POLL_SECONDS)


def _phase(target: Target, path: str, version_id: str) -> Phase:
    try:
        answer = describe(target, path)
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"the rotation of {path} cannot be watched: {describe_failure(error)}") from None
    held = answer["VersionIdsToStages"].get(version_id, []) if answer else []
    if "AWSCURRENT" in held:
        return Phase.DONE
    return Phase.PENDING if "AWSPENDING" in held else Phase.ABANDONED
