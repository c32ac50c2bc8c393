"""Rotate one secret by policy and watch it until it is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from alees_secrets import SecretsError, SecretsManager, Settings
from alees_secrets.source import AwsSecretSource
from operations.because import Because
from operations.by_hand import quiet, record
from operations.errors import OperationError
from operations.observe import describe, describe_failure
from operations.target import Target

_POLL_SECONDS = 1.0

VISIBLE_SECONDS = 15.0
"""How long a version may not be seen yet: Secrets Manager answers before it has begun the rotation."""


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


def start(target: Target, path: str, because: Because, what: str = "rotate") -> str:
    """Start a rotation that is recorded first, and return the id of the version it makes.

    Args:
        target: Where the secret is.
        path: Path of the secret.
        because: Why and by whom.
        what: What the record says was done.

    Raises:
        OperationError: Another one is not over, or the function or Secrets Manager refuses.
    """
    quiet(target, path)
    record(target, path, what, because)
    return _rotate(target, path, None)


def finish(target: Target, path: str, version_id: str, because: Because) -> None:
    """Take up the rotation that *version_id* was left pending by, where it stopped.

    Secrets Manager refuses a new one while AWSPENDING is on a version that is not AWSCURRENT
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html).

    Raises:
        OperationError: The function or Secrets Manager refuses.
    """
    record(target, path, "recover: finish", because)
    _rotate(target, path, version_id)


def _rotate(target: Target, path: str, version_id: str | None) -> str:
    settings = Settings(environment=target.environment.slug, region=target.environment.region)
    source = AwsSecretSource(target.environment.region, client=target.client)
    try:
        return SecretsManager(settings, source=source).rotate_secret(path, version_id=version_id)
    except SecretsError as error:
        problem = str(error)
    raise OperationError(problem)


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
    began, seen = time.monotonic(), False
    while True:
        phase, seconds = _phase(target, path, version_id), time.monotonic() - began
        seen = seen or phase is not Phase.ABANDONED
        if not seen and seconds < VISIBLE_SECONDS:
            phase = Phase.PENDING
        progress(phase, seconds)
        if phase is Phase.DONE:
            return Rotation(path, version_id, seconds)
        if phase is Phase.ABANDONED:
            raise OperationError(f"the rotation of {path} was {phase}; look at: ./alees-secrets status")
        if seconds > timeout_seconds:
            raise OperationError(
                f"the rotation of {path} is not over after {seconds:.0f} s; its function's log says why, and "
                "./alees-secrets recover ends it: see docs/runbooks/rotation.md; the value in use has not changed"
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
