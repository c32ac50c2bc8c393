"""What people start in a rotation function, beside the steps that Secrets Manager asks for."""

import json
import time
import traceback
from collections.abc import Callable, Mapping

from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.edge import RUNBOOK, RotationStepFailed
from rotation_handlers.errors import Cause, RotationError

Operation = Callable[[Mapping[str, object], Deadline], dict[str, object]]
"""Does what an event asks for and returns the function's answer: JSON, without values."""


def names_operation(event: object) -> bool:
    """Tell whether *event* asks for an operation rather than for a rotation's step."""
    return isinstance(event, Mapping) and "Operation" in event


def operate(event: object, context: LambdaContext, operations: Mapping[str, Operation]) -> dict[str, object]:
    """Do the operation that *event* asks for and log one line about it.

    Args:
        event: ``Operation``, its name, beside what the operation takes. Never logged.
        context: Lambda's context.
        operations: The operations by name.

    Returns:
        What the operation answers.

    Raises:
        RotationStepFailed: It was not done. It has no cause or context that could hold a value.
    """
    started = time.monotonic()
    report: dict[str, object] = {}
    failure: RotationError | None = None
    answer: dict[str, object] = {}
    try:
        name, operation, request = _find(event, operations)
        report = {"operation": name}
        answer = operation(request, Deadline(context))
    except RotationError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 - a bug: its message could hold anything, so only its place is told
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
        failure = RotationError(Cause.UNEXPECTED, f"{type(error).__name__} at {place}")
    report |= {"outcome": "failed" if failure else "done", "milliseconds": round((time.monotonic() - started) * 1000)}
    if failure is not None:
        report |= {"cause": failure.cause}
    print(json.dumps(report), flush=True)  # noqa: T201 - as in rotation_handlers.edge
    if failure is not None:
        raise RotationStepFailed(f"{failure.cause}: {failure}; see {RUNBOOK}#{failure.cause}")
    return answer


def _find(event: object, operations: Mapping[str, Operation]) -> tuple[str, Operation, Mapping[str, object]]:
    name = event.get("Operation") if isinstance(event, Mapping) else None
    if not isinstance(event, Mapping) or not isinstance(name, str) or name not in operations:
        raise RotationError(Cause.BAD_EVENT, f"the event names no operation; allowed is {', '.join(operations)}")
    return name, operations[name], event
