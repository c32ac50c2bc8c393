"""What people start in a rotation function, beside the steps that Secrets Manager asks for."""

from collections.abc import Callable, Mapping

from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.telling import tell

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
        RotationStepFailed: It was not done; see rotation_handlers.telling.
    """

    def work(line: dict[str, object]) -> dict[str, object]:
        name, operation, request = _find(event, operations)
        line["operation"] = name
        answer = operation(request, Deadline(context))
        line["outcome"] = "done"
        return answer

    return tell(work)


def _find(event: object, operations: Mapping[str, Operation]) -> tuple[str, Operation, Mapping[str, object]]:
    name = event.get("Operation") if isinstance(event, Mapping) else None
    if not isinstance(event, Mapping) or not isinstance(name, str) or name not in operations:
        raise RotationError(Cause.BAD_EVENT, f"the event names no operation; allowed is {', '.join(operations)}")
    return name, operations[name], event
