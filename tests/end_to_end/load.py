"""Requests without a pause, and how many of them failed."""

import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Load:
    """What threads asked for.

    Attributes:
        answers: The bodies of good answers, with how often each came.
        failures: What came instead of a good answer: status and body, or an error.
    """

    answers: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def attempts(self) -> int:
        return sum(self.answers.values()) + len(self.failures)

    def ask(self, url: str) -> None:
        """Send one request and count it."""
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - the test's own server
                body, failure = answer.read().decode(), None
        except (OSError, http.client.HTTPException) as error:
            body, failure = "", repr(error)
            if isinstance(error, urllib.error.HTTPError):
                failure = f"{error.code}: {error.read().decode()}"
                error.close()
        with self._lock:
            if failure is None:
                self.answers[body] = self.answers.get(body, 0) + 1
            else:
                self.failures.append(failure)


@contextmanager
def under_load(*urls: str, threads: int = 8) -> Iterator[Load]:
    """Ask for *urls* in turn, in threads, until the block ends."""
    load, over = Load(), threading.Event()

    def ask(number: int) -> None:
        while not over.is_set():
            load.ask(urls[number % len(urls)])
            number += 1

    running = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield load
    finally:
        over.set()
        for thread in running:
            thread.join()
