"""The canary: after each rotation, the function tries the new value once more, as an application would.

AWSCURRENT goes back to the version before only if the target itself refused the new value, more than once, and the
version before is accepted, was not revoked, and nothing newer is pending or current. Whatever else went wrong (network,
DNS, TLS, time, privileges) tells nothing about the value: then only the alarm is raised, which is the error itself.
"""

import time
from collections.abc import Callable, Mapping

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, Outcome, Strategy
from rotation_handlers.versions import REVOKED, Labels, StoredVersion

REFUSALS = 3
"""How often in a row the target must refuse a value: one refusal may be a replica that lags behind."""

PAUSE_SECONDS = 2.0
"""Between two attempts."""


def is_service_event(event: object) -> bool:
    """Tell whether EventBridge sent *event*, rather than Secrets Manager asking for a rotation's step."""
    return isinstance(event, Mapping) and "detail-type" in event


def rotated_secret(event: object) -> str:
    """Return the ARN of the secret whose rotation succeeded, as *event* says.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html

    Raises:
        RotationError: It says something else.
    """
    match event:
        case {
            "detail-type": "AWS Service Event via CloudTrail",
            "source": "aws.secretsmanager",
            "detail": {"eventName": "RotationSucceeded", "additionalEventData": {"SecretId": str(secret_id)}},
        }:
            return secret_id
    raise RotationError(
        Cause.BAD_EVENT,
        "the event is none that the canary knows; allowed is RotationSucceeded of Secrets Manager with "
        "additionalEventData.SecretId, as EventBridge sends it",
    )


def verify_rotation(versions: RotatedVersions, strategy: Strategy, sleep: Callable[[float], None] = time.sleep) -> Done:
    """Verify AWSCURRENT, and move it back if it is refused and that is safe.

    Args:
        versions: The secret's.
        strategy: The kind's.
        sleep: Waits for that many seconds.

    Returns:
        VERIFIED, or SUPERSEDED when AWSCURRENT is on a newer version by now, whose own event verifies it.

    Raises:
        RotationError: Anything else. Its cause is ``canary-rolled-back``, ``canary-refused`` or ``canary-unsure``.
    """
    try:
        current = versions.current()
        refused = _is_refused(_fields(current), strategy, sleep)
    except RotationError as error:
        problem = f"{error.cause}: {error}"
    else:
        return _roll_back(current.version_id, versions, strategy) if refused else Done(Outcome.VERIFIED)
    raise RotationError(
        Cause.CANARY_UNSURE, f"whether AWSCURRENT works could not be told, so no label was moved ({problem})"
    )


def _is_refused(fields: SecretFields, strategy: Strategy, sleep: Callable[[float], None]) -> bool:
    for attempt in range(REFUSALS):
        if attempt:
            sleep(PAUSE_SECONDS)
        try:
            strategy.verify(fields)
        except RotationError as error:
            if error.cause is not Cause.AUTHENTICATION:
                raise
        else:
            return False
    return True


def _roll_back(refused: str, versions: RotatedVersions, strategy: Strategy) -> Done:
    moved = False
    try:
        labels = versions.labels()
        _require_safe(labels, refused, labels.previous)
        previous = versions.previous()
        fields = _fields(previous)
        with strategy.hold(fields):
            strategy.verify(fields)
            _require_safe(versions.labels(), refused, previous.version_id)
            versions.move_back(refused=refused, previous=previous.version_id)
            moved = True
    except _SupersededError:
        return Done(Outcome.SUPERSEDED)
    except RotationError as error:
        problem = f"{error.cause}: {error}"
    if moved:
        raise RotationError(
            Cause.CANARY_ROLLED_BACK,
            f"version {refused[:8]} was refused {REFUSALS} times, so AWSCURRENT is back on version "
            f"{previous.version_id[:8]}, which is accepted",
        )
    raise RotationError(
        Cause.CANARY_REFUSED,
        f"version {refused[:8]} was refused {REFUSALS} times, but AWSCURRENT was not moved back ({problem})",
    )


def _fields(version: StoredVersion) -> SecretFields:
    if version.fields is None:
        raise RotationError(Cause.BAD_SECRET, "the value is still the placeholder")
    return version.fields


def _require_safe(labels: Labels, refused: str, previous: str | None) -> None:
    """Refuse to move AWSCURRENT from the version *refused* to *previous* unless the labels allow it.

    Raises:
        RotationError: Something newer is pending, or *previous* must not be used.
    """
    if labels.current != refused:
        raise _SupersededError
    if labels.pending not in {None, refused}:
        raise RotationError(Cause.OVERTAKEN, "a newer rotation is under way")
    if previous is not None and labels.revoked == previous:
        raise RotationError(Cause.BAD_SECRET, f"the version before is revoked: it has the label {REVOKED}")
    if previous is None or labels.previous != previous:
        raise RotationError(Cause.BAD_SECRET, "the version before does not hold AWSPREVIOUS")


class _SupersededError(Exception):
    """AWSCURRENT is on a newer version."""
