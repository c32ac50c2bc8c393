"""The keys that the provider has issued, in memory."""

import hmac
import itertools
import secrets
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """One live key.

    Attributes:
        id: What it is revoked by.
        name: Whatever its creator chose.
        public: The half that lists show.
        secret: The half that is shown once.
    """

    id: str
    name: str
    public: str
    secret: str = field(repr=False)


class TooManyKeysError(Exception):
    """No more keys may be live."""


class Keys:
    """Live keys. Threads may share it.

    Args:
        most: How many may be live at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self.live: dict[str, Key] = {}

    def create(self, name: str) -> Key:
        """Make a key.

        Raises:
            TooManyKeysError: As many as may be are live.
        """
        with self._lock:
            if len(self.live) >= self._most:
                raise TooManyKeysError
            key = Key(
                id=f"k{next(self._numbers)}",
                name=name,
                public=f"pub_{secrets.token_hex(12)}",
                secret=f"sec_{secrets.token_urlsafe(32)}",
            )
            self.live[key.id] = key
            return key

    def list(self) -> list[Key]:
        """Return all live keys."""
        with self._lock:
            return list(self.live.values())

    def revoke(self, key_id: str) -> bool:
        """End a key; False if there is none."""
        with self._lock:
            return self.live.pop(key_id, None) is not None

    def accept(self, public: str, secret: str) -> bool:
        """Tell whether both halves are those of a live key."""
        return any(
            hmac.compare_digest(key.public.encode(), public.encode())
            and hmac.compare_digest(key.secret.encode(), secret.encode())
            for key in self.list()
        )
