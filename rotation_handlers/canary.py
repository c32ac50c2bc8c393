"""The canary: after each rotation, the function tries the new value once more, as an application would.

AWSCURRENT goes back to the version before only if the target itself refused the new value, more than once, and the
version before is accepted, was not revoked, and nothing newer is pending or current. Whatever else went wrong (network,
DNS, TLS, time, privileges) tells nothing about the value: then only the alarm is raised, which is the error itself.
"""

import time
from collections.abc import Callable, Mapping

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.rolling_back import SupersededError, fields_of, roll_back
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, Outcome
from rotation_handlers.strategy import Strategy

REFUSALS = 3
"""How often in a row the target must refuse a value: one refusal may be a replica that lags behind."""

PAUSE_SECONDS = 3.0
"""Between two attempts. Three of them take longer than the five seconds after which a client that has just asked
Secrets Manager in vain asks again."""


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
        refused = is_refused(fields_of(current), strategy, sleep)
    except RotationError as error:
        problem = f"{error.cause}: {error}"
    else:
        return _give_back(current.version_id, versions, strategy) if refused else Done(Outcome.VERIFIED)
    raise RotationError(
        Cause.CANARY_UNSURE, f"whether AWSCURRENT works could not be told, so no label was moved ({problem})"
    )


def is_refused(fields: SecretFields, strategy: Strategy, sleep: Callable[[float], None]) -> bool:
    """Tell whether the target refuses a value, more than once in a row.

    Raises:
        RotationError: Something else stood in the way.
    """
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


def _give_back(refused: str, versions: RotatedVersions, strategy: Strategy) -> Done:
    try:
        previous = roll_back(versions, strategy, replaced=refused)
    except SupersededError:
        return Done(Outcome.SUPERSEDED)
    except RotationError as error:
        problem = f"{error.cause}: {error}"
    else:
        raise RotationError(
            Cause.CANARY_ROLLED_BACK,
            f"version {refused[:8]} was refused {REFUSALS} times, so AWSCURRENT is back on version "
            f"{previous[:8]}, which is accepted",
        )
    raise RotationError(
        Cause.CANARY_REFUSED,
        f"version {refused[:8]} was refused {REFUSALS} times, but AWSCURRENT was not moved back ({problem})",
    )
