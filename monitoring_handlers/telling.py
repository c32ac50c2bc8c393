"""How every invocation of a watching function ends: one log line, and on a failure one clean error."""

import json
import time
from collections.abc import Callable


class WatchingFailed(Exception):  # noqa: N818 - Lambda shows it as errorType
    """What Lambda is told of a failure: the error's class and place, nothing that an event holds."""


def tell(work: Callable[[dict[str, object]], None]) -> None:
    """Do *work* and log one line about it.

    Args:
        work: Does it. Adds to the line that it is given what came of it.

    Raises:
        WatchingFailed: It was not done. Raised outside the except block, so that it has no cause or context.
    """
    started = time.monotonic()
    line: dict[str, object] = {}
    problem: str | None = None
    try:
        work(line)
    except Exception as error:  # noqa: BLE001 - a message could hold anything of an event, so only its place is told
        problem = f"{type(error).__name__} at {_place(error)}"
    line["outcome"] = "done" if problem is None else "failed"
    if problem is not None:
        line["message"] = problem
    line["milliseconds"] = round((time.monotonic() - started) * 1000)
    # Not through logging: Lambda's JSON format would put the line into a string, and no query finds fields in that.
    print(json.dumps(line), flush=True)  # noqa: T201 - Lambda sends standard output to the function's log group
    if problem is not None:
        raise WatchingFailed(problem)


def _place(error: BaseException) -> str:
    """Return file and line of the innermost frame of *error*."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "an unknown place"
