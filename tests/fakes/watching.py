"""The judge of Prod's reads, with a memory of its own."""

from collections import Counter
from datetime import datetime

from config.environment import Environment
from config.environments import prod
from constructs_lib.access.read_matrix import read_matrix
from monitoring_handlers.access_watch.matrix import Matrix
from monitoring_handlers.access_watch.watch import Watch
from monitoring_handlers.watched import Watched
from tests.fakes.trail_records import ACCOUNT, REGION

KEY = "0d7e6a52-1111-2222-3333-444455556666"
"""Id of Prod's key for the database secret; every region has it here."""


class FakeMemory:
    """Remembers as the table does."""

    def __init__(self) -> None:
        self.seen: dict[str, datetime] = {}
        self.counts: Counter[str] = Counter()

    def first_seen(self, what: str, at: datetime) -> datetime:
        return self.seen.setdefault(what, at)

    def count(self, what: str, times: int, until: datetime) -> int:
        assert until.tzinfo is not None
        self.counts[what] += times
        return self.counts[what]


def watched() -> Watched:
    """Return what belongs to Prod."""
    return Watched(
        environment="prod",
        stack="AleesSecretsProd",
        account=ACCOUNT,
        region=REGION,
        trail="alees-secrets",
        trail_log_group="/alees/trail",
        keys=lambda: {KEY: "alias/alees/prod/database"},
    )


def matrix(environment: Environment | None = None) -> Matrix:
    """Return Prod's matrix, as its function has it."""
    return Matrix.parse(read_matrix(environment or prod()))


def new_watch(environment: Environment | None = None, memory: FakeMemory | None = None) -> Watch:
    """Return a judge of Prod that has seen nothing yet."""
    return Watch(matrix(environment), watched(), memory or FakeMemory())
