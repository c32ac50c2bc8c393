"""Who is asking AWS about what, so that one asks and the others need not.

The lock guards a few dictionary operations and is never held while AWS is asked.
"""

import threading
from collections.abc import Collection, Iterable

from alees_secrets.entries import Key


class Flight:
    """One read that is under way."""

    __slots__ = ("_done", "overtaken")

    def __init__(self) -> None:
        self._done = threading.Event()
        self.overtaken = False
        """Whether this process wrote the secret meanwhile, so that what was read may be older than what is kept."""

    def land(self) -> None:
        """Let those go on who wait."""
        self._done.set()

    def wait(self) -> None:
        """Return when it is over."""
        self._done.wait()


class Flights:
    """The reads that are under way, at most one for a key, and whether a background refresh is among them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._flying: dict[Key, Flight] = {}
        self._background = False

    def claim(self, keys: Iterable[Key]) -> tuple[dict[Key, Flight], list[Flight]]:
        """Return the flights that the caller begins, and those of others for the rest of *keys*."""
        mine: dict[Key, Flight] = {}
        others: list[Flight] = []
        with self.lock:
            for key in keys:
                if key in self._flying:
                    others.append(self._flying[key])
                else:
                    mine[key] = self._flying[key] = Flight()
        return mine, others

    def land(self, mine: dict[Key, Flight]) -> None:
        """End what claim began."""
        with self.lock:
            for key, flight in mine.items():
                if self._flying.get(key) is flight:  # it may be another's, begun after this one was overtaken
                    del self._flying[key]
        for flight in mine.values():
            flight.land()

    def overtake(self, keys: Collection[Key]) -> None:
        """Have what is being read of *keys* thrown away. The caller holds the lock."""
        for key in keys:
            if flight := self._flying.pop(key, None):
                flight.overtaken = True

    def find(self, key: Key) -> Flight | None:
        """Return the flight for *key*. The caller holds the lock."""
        return self._flying.get(key)

    def begin_background(self) -> bool:
        """Return True to the one caller who is to refresh; he calls end_background."""
        with self.lock:
            begins, self._background = not self._background, True
        return begins

    def end_background(self) -> None:
        """Let the next background refresh begin."""
        with self.lock:
            self._background = False
