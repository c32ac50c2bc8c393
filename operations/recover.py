"""Rotations that stopped half-way: which, where, why, and what ends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from alees_secrets.health import STUCK_AFTER
from operations.because import Because
from operations.errors import OperationError
from operations.functions import invoke
from operations.observe import describe_failure, look, pending_since
from operations.target import Target


@dataclass(frozen=True, slots=True)
class Stopped:
    """A rotation that is not over.

    Attributes:
        path: Path of the secret.
        version_id: Version that it makes, which holds AWSPENDING.
        seconds: Age of that version.
        step: Which step is to be done next; None if the function could not say.
        usable: Whether the pending value can ever work.
        problem: What stands in the way now: cause and message; None if nothing does.
    """

    path: str
    version_id: str
    seconds: float
    step: str | None
    usable: bool
    problem: str | None

    @property
    def may_run(self) -> bool:
        """Tell whether it is so young that it may be running still."""
        return self.seconds < STUCK_AFTER.total_seconds()


def find_stopped(target: Target, paths: Sequence[str], because: Because, now: datetime) -> list[Stopped]:
    """Return the rotations of the secrets at *paths* that are not over, each with what its function says of it.

    Raises:
        OperationError: AWS does not let the caller see a secret, or does not answer.
    """
    return [found for path in paths if (found := _stopped(target, path, because, now)) is not None]


def _stopped(target: Target, path: str, because: Because, now: datetime) -> Stopped | None:
    seen = look(target, path)
    version = seen.pending if seen else None
    if version is None:
        return None
    try:
        since = pending_since(target, path, version)
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"the versions of {path} cannot be listed: {describe_failure(error)}") from None
    seconds = (now - since).total_seconds() if since else STUCK_AFTER.total_seconds()
    try:
        told = invoke(target, path, "diagnose", {**because.request(), "VersionId": version})
    except OperationError as error:
        return Stopped(path, version, seconds, None, usable=True, problem=str(error))
    problem = f"{told['cause']}: {told['message']}" if told.get("cause") else None
    return Stopped(path, version, seconds, told.get("step"), usable=told.get("usable") is True, problem=problem)
