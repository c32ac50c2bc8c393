"""A manager on a source in memory, under a clock that stands until it is moved."""

import threading
from dataclasses import dataclass, field

from alees_secrets import CachePolicy, SecretsManager, Settings
from tests.unit.alees_secrets.fake_source import FakeSource

SETTINGS = Settings(environment="prod", region="eu-central-1")
EMAIL: dict[str, str | int] = {"host": "mail.example.com", "port": 587, "username": "alees", "password": "first"}
OTHER_EMAIL = {**EMAIL, "password": "second"}


@dataclass
class Clock:
    """Seconds; wall-clock ones are 1,000,000 ahead."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now + 1_000_000


@dataclass
class Cached:
    """The three together."""

    policy: CachePolicy = field(default_factory=CachePolicy)
    source: FakeSource = field(default_factory=FakeSource)
    clock: Clock = field(default_factory=Clock)
    manager: SecretsManager = field(init=False)

    def __post_init__(self) -> None:
        self.manager = self.another()

    def another(self) -> SecretsManager:
        """Return the manager of another process: same source, same clock."""
        return SecretsManager(SETTINGS, source=self.source, policy=self.policy, clock=self.clock, wall=self.clock.wall)

    def pass_seconds(self, seconds: float) -> None:
        """Move the clock."""
        self.clock.now += seconds


def settle() -> None:
    """Return when no refresh runs in the background."""
    for thread in threading.enumerate():
        if thread.name == "alees-secrets-refresh":
            thread.join()


def hold(cached: Cached) -> tuple[threading.Event, threading.Event]:
    """Have the next request wait; return the event that tells that it has begun, and the one that lets it go on."""
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        cached.source.before = lambda: None
        begun.set()
        go_on.wait()

    cached.source.before = wait
    return begun, go_on
