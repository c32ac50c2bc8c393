"""The managers that a process shares, so that each secret is kept and refreshed once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alees_secrets.manager import SecretsManager
    from alees_secrets.policy import CachePolicy
    from alees_secrets.settings import Settings


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


SHARED = Shared()


@contextmanager
def using(manager: "SecretsManager | None") -> Iterator[None]:
    """Have ``SecretsManager()`` return *manager*, in all threads, until the block ends. For tests.

    With None, the block begins as a new process does: the environment is read by the first call, and what was shared
    before is not.
    """
    before = SHARED.default, SHARED.made
    SHARED.default, SHARED.made = manager, {}
    try:
        yield
    finally:
        SHARED.default, SHARED.made = before
