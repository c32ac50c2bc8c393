"""How every invocation of a function ends: one log line, one clean error, and nothing of a value in either."""

import json
import time
from collections.abc import Callable
from typing import TypeVar

from rotation_handlers.errors import Cause, RotationError

RUNBOOK = "docs/runbooks/rotation.md"

Answer = TypeVar("Answer")


class RotationStepFailed(Exception):  # noqa: N818 - Lambda shows it as errorType, beside Secrets Manager's RotationFailed
    """What Secrets Manager, the alert or the operator is told of a failure: cause, message and runbook section."""


def tell(work: Callable[[dict[str, object]], Answer]) -> Answer:
    """Return what *work* does, and log one line about it.

    Args:
        work: Does it. Adds to the line that it is given what it is about and, in the end, the outcome.

    Raises:
        RotationStepFailed: It was not done. Raised outside the except blocks, so that it has no cause or context that
            could hold a value.
    """
    started = time.monotonic()
    line: dict[str, object] = {}
    failure: RotationError | None = None
    answer: list[Answer] = []
    try:
        answer.append(work(line))
    except RotationError as error:
        failure = error
    except Exception as error:  # noqa: BLE001 - a bug: its message could hold anything, so only its place is told
        failure = RotationError(Cause.UNEXPECTED, f"{type(error).__name__} at {_place(error)}")
    if failure is not None:
        line |= {"outcome": "failed", "cause": failure.cause, "message": str(failure)}
    line["milliseconds"] = round((time.monotonic() - started) * 1000)
    # Not through logging: Lambda's JSON format would put the line into a string, and no query finds fields in that.
    print(json.dumps(line), flush=True)  # noqa: T201 - Lambda sends standard output to the function's log group
    if failure is not None:
        raise RotationStepFailed(f"{failure.cause}: {failure}; see {RUNBOOK}#{failure.cause}")
    return answer[0]


def _place(error: BaseException) -> str:
    """Return file and line of the innermost frame of *error*."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "an unknown place"
