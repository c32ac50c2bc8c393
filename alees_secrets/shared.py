"""The managers that a process shares, so that each secret is kept and refreshed once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from alees_secrets.policy import DEFAULT_POLICY, CachePolicy
from alees_secrets.settings import Settings

if TYPE_CHECKING:
    from alees_secrets.manager import SecretsManager


class Shared:
    """What ``SecretsManager(...)`` returns again.

    There is no lock: dict.setdefault lets one of two threads win, and a lock held during a fork would stay held.

    Attributes:
        default: What ``SecretsManager()`` returns; None until it was made.
        made: All of them, by what they were made with.
    """

    __slots__ = ("default", "made")

    def __init__(self) -> None:
        self.default: SecretsManager | None = None
        self.made: dict[tuple[Settings, CachePolicy], SecretsManager] = {}


_SHARED = Shared()


class SharedInstances(type):
    """Makes a class's calls without a source return one object for the same settings and policy."""

    if not TYPE_CHECKING:  # else type checkers would take its parameters for the class's

        def __call__(cls, *args: object, **named: object) -> object:
            """Return the shared manager, or for a source one of its own."""
            # This comes first and alone: applications write SecretsManager().get_secret(...) in every request.
            if not args and not named and _SHARED.default is not None:
                return _SHARED.default
            if named.get("source") is not None:
                return super().__call__(*args, **named)
            return cls._shared(*args, **named)

        def _shared(
            cls, settings: Settings | None = None, *, policy: CachePolicy | None = None, **others: object
        ) -> object:
            found = settings or Settings.from_environment(), policy or DEFAULT_POLICY
            manager = _SHARED.made.get(found)
            if manager is None:
                manager = _SHARED.made.setdefault(found, super().__call__(found[0], policy=found[1], **others))
            if settings is policy is None:
                _SHARED.default = manager
            return manager


@contextmanager
def using(manager: "SecretsManager | None") -> Iterator[None]:
    """Have ``SecretsManager()`` return *manager*, in all threads, until the block ends. For tests.

    With None, the block begins as a new process does: the environment is read by the first call, and what was shared
    before is not.
    """
    before = _SHARED.default, _SHARED.made
    _SHARED.default, _SHARED.made = manager, {}
    try:
        yield
    finally:
        _SHARED.default, _SHARED.made = before
