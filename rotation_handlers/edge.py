"""Between Lambda and the engine: one log line a step or canary, one clean error, nothing of a value in either."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rotation_handlers.canary import is_service_event, rotated_secret, verify_rotation
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.metrics import embedded_metrics
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, RotationRequest, Strategy, run_step
from rotation_handlers.versions import SecretVersions

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

RUNBOOK = "docs/runbooks/rotation.md"


class RotationStepFailed(Exception):  # noqa: N818 - Lambda shows it as errorType, beside Secrets Manager's RotationFailed
    """What Secrets Manager, or the alert, is told of a failure: cause, message and runbook section."""


def handle(
    event: object,
    context: LambdaContext,
    client: "SecretsManagerClient",
    strategy_for: Callable[[Deadline], Strategy],
) -> None:
    """Do the step, or the canary, that *event* asks for and log one line about it.

    Args:
        event: What Secrets Manager or EventBridge sent. Never logged.
        context: Lambda's context.
        client: boto3 client of Secrets Manager.
        strategy_for: Makes the kind's strategy, bounded by a deadline.

    Raises:
        RotationStepFailed: It was not done. It has no cause or context that could hold a value.
    """
    started = time.monotonic()
    report: dict[str, object] = {}
    failure: RotationError | None = None
    done: Done | None = None
    try:
        do = _canary if is_service_event(event) else _step
        done = do(event, Deadline(context), client, strategy_for, report)
    except RotationError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 - a bug: its message could hold anything, so only its place is told
        failure = RotationError(Cause.UNEXPECTED, f"{type(error).__name__} at {_place(error)}")
    report |= {
        "outcome": done.outcome if done else "failed",
        "milliseconds": round((time.monotonic() - started) * 1000),
    }
    if failure is not None:
        report |= {"cause": failure.cause, "message": str(failure)}
    if done is not None:
        report |= embedded_metrics(done.counts)
    # Not through logging: Lambda's JSON format would put the line into a string, and no query finds fields in that.
    print(json.dumps(report), flush=True)  # noqa: T201 - Lambda sends standard output to the function's log group
    if failure is not None:
        raise RotationStepFailed(f"{failure.cause}: {failure}; see {RUNBOOK}#{failure.cause}")


def _step(
    event: object,
    deadline: Deadline,
    client: "SecretsManagerClient",
    strategy_for: Callable[[Deadline], Strategy],
    report: dict[str, object],
) -> Done:
    """Do a step of a rotation; adds to *report* what it is about."""
    request = RotationRequest.parse(event)
    report |= {"secret": _name(request.secret_id), "version": request.token[:8], "step": request.step.value}
    versions = SecretVersions(client, request.secret_id, request.token, deadline)
    return run_step(request.step, versions, strategy_for(deadline))


def _canary(
    event: object,
    deadline: Deadline,
    client: "SecretsManagerClient",
    strategy_for: Callable[[Deadline], Strategy],
    report: dict[str, object],
) -> Done:
    """Verify what a rotation made; adds to *report* what it is about."""
    secret_id = rotated_secret(event)
    report |= {"secret": _name(secret_id), "step": "canary"}
    return verify_rotation(RotatedVersions(client, secret_id, deadline), strategy_for(deadline))


def _name(secret_id: str) -> str:
    """Return the secret's name: its ARN without what precedes and without the random suffix."""
    return secret_id.rpartition(":secret:")[2].rpartition("-")[0] or secret_id


def _place(error: BaseException) -> str:
    """Return file and line of the innermost frame of *error*."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "an unknown place"
