"""The time by which secrets rotate; a test can move it forward."""

import threading
import time

_DAY = 86_400


class Clock:
    """The system's time plus what it was advanced by. Safe for several threads."""

    def __init__(self) -> None:
        self._advanced_seconds = 0.0
        self._known_since = 0.0
        self._moved = threading.Condition()

    def now(self) -> float:
        """Return seconds since 1970, to the millisecond as AWS's answers have it."""
        return round(time.time() + self._advanced_seconds, 3)

    @property
    def ahead(self) -> float:
        """Return by how many seconds the time was advanced: callers and functions stamp by clocks that were not."""
        return self._advanced_seconds

    @property
    def known_since(self) -> float:
        """Return the time after the last move of more than a day: nothing happened in between, and nothing was due."""
        return self._known_since

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
            if seconds > _DAY:
                self._known_since = self.now()
            self._moved.notify_all()

    def wait(self, seconds: float) -> None:
        """Return after *seconds* of real time, or as soon as the clock is advanced."""
        with self._moved:
            self._moved.wait(seconds)


CLOCK = Clock()
"""The one clock of this process."""
