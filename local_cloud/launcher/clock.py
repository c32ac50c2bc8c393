"""The time by which secrets rotate; a test can move it forward."""

import threading
import time


class Clock:
    """The system's time plus what it was advanced by. Safe for several threads."""

    def __init__(self) -> None:
        self._advanced_seconds = 0.0
        self._moved = threading.Condition()

    def now(self) -> float:
        """Return seconds since 1970, to the millisecond as AWS's answers have it."""
        return round(time.time() + self._advanced_seconds, 3)

    def advance(self, seconds: float) -> None:
        """Move the time forward and wake who waits.

        Args:
            seconds: How far; never negative.

        Raises:
            ValueError: It is negative: dates already given out would lie in the future.
        """
        if seconds < 0:
            raise ValueError(f"seconds is {seconds}; allowed is 0 or more: this clock never goes back")
        with self._moved:
            self._advanced_seconds += seconds
            self._moved.notify_all()

    def wait(self, seconds: float) -> None:
        """Return after *seconds* of real time, or as soon as the clock is advanced."""
        with self._moved:
            self._moved.wait(seconds)


CLOCK = Clock()
"""The one clock of this process."""
