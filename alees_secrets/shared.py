"""The managers that a process shares, so that each secret is kept and refreshed once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from alees_secrets.policy import DEFAULT_POLICY, CachePolicy
from alees_secrets.settings import Settings
from alees_secrets.source import SecretSource

if TYPE_CHECKING:
    from alees_secrets.manager import SecretsManager


class Shared:
    """What ``SecretsManager(...)`` returns again.

    There is no lock: dict.setdefault lets one of two threads win, and a lock held during a fork would stay held.

    Attributes:
        default: What ``SecretsManager()`` returns; None until it was made.
        settings: What the environment said when it was read; None until it was.
        made: All of them, by what they were made with.
    """

    __slots__ = ("default", "made", "settings")

    def __init__(self) -> None:
        self.default: SecretsManager | None = None
        self.settings: Settings | None = None
        self.made: dict[tuple[Settings, CachePolicy], SecretsManager] = {}


_SHARED = Shared()


class SharedInstances(type):
    """Makes a class's calls without a source return one object for the same settings and policy."""

    if not TYPE_CHECKING:  # else type checkers would take its parameters for the class's

        def __call__(
            cls,
            settings: Settings | None = None,
            source: SecretSource | None = None,
            policy: CachePolicy | None = None,
            clock: Callable[[], float] = time.monotonic,
            wall: Callable[[], float] = time.time,
        ) -> object:
            """Return the shared manager, or for a source one of its own."""
            # This comes first: applications write SecretsManager().get_secret(...) in every request. Catching any
            # arguments, or arguments by name alone, would take longer than the rest of it.
            if settings is None and source is None and policy is None and _SHARED.default is not None:
                return _SHARED.default
            if settings is None and _SHARED.settings is None:
                _SHARED.settings = Settings.from_environment()
            found = settings or _SHARED.settings, policy or DEFAULT_POLICY
            named = {"source": source, "policy": found[1], "clock": clock, "wall": wall}
            if source is not None:
                return super().__call__(found[0], **named)
            manager = _SHARED.made.get(found)
            if manager is None:
                manager = _SHARED.made.setdefault(found, super().__call__(found[0], **named))
            if settings is policy is None:
                _SHARED.default = manager
            return manager


@contextmanager
def using(manager: "SecretsManager | None") -> Iterator[None]:
    """Have ``SecretsManager()`` return *manager*, in all threads, until the block ends. For tests.

    With None, the block begins as a new process does: the environment is read by the first call, and what was shared
    before is not.
    """
    before = _SHARED.default, _SHARED.settings, _SHARED.made
    _SHARED.default, _SHARED.settings, _SHARED.made = manager, None, {}
    try:
        yield
    finally:
        _SHARED.default, _SHARED.settings, _SHARED.made = before
