"""Wait until a rotation is over."""

import time
from collections.abc import Callable, Collection
from enum import StrEnum

from alees_secrets.errors import RotationUnfinishedError
from alees_secrets.naming import SecretName
from alees_secrets.source import SecretSource
from alees_secrets.stages import VersionStage

_POLL_SECONDS = 1.0


class RotationPhase(StrEnum):
    """How far a rotation is, as its version's labels tell."""

    PENDING = "waiting for the rotation function"
    DONE = "done"
    ABANDONED = "abandoned: its version has no label any more"


Progress = Callable[[RotationPhase, float], None]
"""Called with the phase and the seconds since the wait began."""


def wait_for_rotation(
    source: SecretSource,
    name: SecretName,
    version_id: str,
    *,
    wait_seconds: float,
    progress: Progress | None,
) -> None:
    """Return when *version_id* is AWSCURRENT.

    Raises:
        RotationUnfinishedError: The rotation was abandoned, or is not over after *wait_seconds*.
        SecretsError: The secret cannot be described.
    """
    began = time.monotonic()
    while True:
        phase = _phase(source.labels(name).get(version_id, ()))
        seconds = time.monotonic() - began
        if progress is not None:
            progress(phase, seconds)
        if phase is RotationPhase.DONE:
            return
        if phase is RotationPhase.ABANDONED:
            raise RotationUnfinishedError(f"the rotation of {name} was {phase}; look at: ./alees-secrets status")
        if seconds >= wait_seconds:
            raise RotationUnfinishedError(
                f"the rotation of {name} is not over after {seconds:.0f} s; its function's log says why; the value in "
                "use has not changed"
            )
        time.sleep(min(_POLL_SECONDS, wait_seconds - seconds))


def _phase(labels: Collection[str]) -> RotationPhase:
    if VersionStage.CURRENT in labels:
        return RotationPhase.DONE
    return RotationPhase.PENDING if VersionStage.PENDING in labels else RotationPhase.ABANDONED
