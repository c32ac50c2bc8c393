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


# There is no lock: dict.setdefault lets one of two threads win, and a lock held during a fork would stay held.

_default: "SecretsManager | None" = None
"""What ``SecretsManager()`` returns; None until it was made."""

_settings: Settings | None = None
"""What the environment said when it was read; None until it was."""

_made: "dict[tuple[Settings, CachePolicy], SecretsManager]" = {}
"""All of them, by what they were made with."""


class SharedInstances(type):
    """Makes a class's calls without a source return one object for the same settings and policy."""

    if not TYPE_CHECKING:  # else type checkers would take its parameters for the class's

        @staticmethod
        def __call__(
            settings: Settings | None = None,
            source: SecretSource | None = None,
            policy: CachePolicy | None = None,
            clock: Callable[[], float] = time.monotonic,
            wall: Callable[[], float] = time.time,
        ) -> object:
            """Return the shared manager, or for a source one of its own."""
            global _default, _settings  # noqa: PLW0603 - for the reason below
            # This comes first: applications write SecretsManager().get_secret(...) in every request. Catching any
            # arguments, or arguments by name alone, would take longer than the rest of it; to be given the class, of
            # which there is but one, a tenth more; an object's attributes for these variables a twentieth.
            if settings is None and source is None and policy is None and _default is not None:
                return _default
            from alees_secrets.manager import SecretsManager  # noqa: PLC0415 - which is made by this

            if settings is None and _settings is None:
                _settings = Settings.from_environment()
            found = settings or _settings, policy or DEFAULT_POLICY
            named = {"source": source, "policy": found[1], "clock": clock, "wall": wall}
            if source is not None:
                return type.__call__(SecretsManager, found[0], **named)
            manager = _made.get(found)
            if manager is None:
                manager = _made.setdefault(found, type.__call__(SecretsManager, found[0], **named))
            if settings is policy is None:
                _default = manager
            return manager


@contextmanager
def using(manager: "SecretsManager | None") -> Iterator[None]:
    """Have ``SecretsManager()`` return *manager*, in all threads, until the block ends. For tests.

    With None, the block begins as a new process does: the environment is read by the first call, and what was shared
    before is not.
    """
    global _default, _settings, _made
    before = _default, _settings, _made
    _default, _settings, _made = manager, None, {}
    try:
        yield
    finally:
        _default, _settings, _made = before
