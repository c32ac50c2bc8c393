"""What a kind brings to the rehearsal."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from tests.fakes.postgres import Server
from tests.fakes.secrets_manager import FakeSecretsManager
from tests.rehearsal.function import Function

Value = Mapping[str, Any]

_LABELS = ("AWSCURRENT", "AWSPREVIOUS", "AWSPENDING")


class World(Protocol):
    """One secret that was never rotated, what it opens, and the function that rotates it.

    Attributes:
        store: The fake Secrets Manager; the rehearsal itself puts it back.
        function: The function.
        gap: Places, as their ids say them, at which an interruption leaves AWSCURRENT refused until the next try. Empty
            but for targets that know one credential at a time. Each is rehearsed as strictly: there it must be refused.
    """

    store: FakeSecretsManager
    function: Function
    gap: Collection[str]

    def remember(self, values: Sequence[Value]) -> None:
        """Note what restore must bring back: the target as it is, where *values* work; none before the first."""

    def restore(self) -> None:
        """Bring the target back to what remember noted."""

    def works(self, value: Value) -> bool:
        """Tell whether an application gets on with *value*."""

    def live_credentials(self) -> int:
        """Return how many credentials the target accepts, an admin's apart."""

    def orphans(self) -> int:
        """Return how many of them no labelled version of the secret holds."""


def labelled(store: FakeSecretsManager) -> list[Value]:
    """Return the values that somebody may read at a label of Secrets Manager's own."""
    versions = {store.labels[label] for label in _LABELS if label in store.labels}
    return [store.fields(version) for version in versions if store.values[version]]


WorldMaker = Callable[[Server], AbstractContextManager[World]]
"""Makes a world; kinds without a database leave the server alone."""
