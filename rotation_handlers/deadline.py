"""How long a step may still take."""

import time
from collections.abc import Callable
from typing import Protocol

from rotation_handlers.errors import Cause, RotationError

MARGIN_SECONDS = 12.0
"""Kept back from Lambda's timeout: what one call of Secrets Manager may take at most (see secrets_manager), and the
time to close connections and write the log line."""


class LambdaContext(Protocol):
    """The part of Lambda's context object that is used here."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the function."""
        ...


class Deadline:
    """A moment before Lambda's own, at which waiting must have ended.

    Args:
        context: Lambda's context of the invocation.
        clock: Monotonic seconds.
    """

    def __init__(self, context: LambdaContext, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS

    def seconds_left(self) -> float:
        """Return the seconds left, more than 0.

        Raises:
            RotationError: None are left.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise RotationError(Cause.DEADLINE, "the function's time was used up before all was done")
        return left
