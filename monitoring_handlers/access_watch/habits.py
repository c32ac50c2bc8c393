"""What only many reads together mean: too many of them, and a reader's first."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from monitoring_handlers.access_watch.access import Access
from monitoring_handlers.access_watch.matrix import Matrix
from monitoring_handlers.access_watch.memory import Memory
from monitoring_handlers.access_watch.rules import finding
from monitoring_handlers.findings import Finding

WINDOW = timedelta(minutes=5)
"""Reads are counted by the clock, in windows of five minutes: long enough to see a loop, short enough to act."""

MOST_READS = 1_000
"""Reads of one secret by one principal in a window. Twenty workers that read two versions of it each 36 s, as the
client does at the latest, make 340; a restart and a rotation in the same minutes, each read twice, 160 more. A burst
across the border of two windows is seen when it is twice as large. Reads by refused principals are told one by one."""

LEARNING = timedelta(days=14)
"""How long a secret and its reader must have been known before a first read is told: what a deployment adds, or adds
the watching to, is first read within days, and rotations of all kinds have nothing to do with it."""


def bursts(reads: Sequence[Access], matrix: Matrix, memory: Memory) -> Iterator[Finding]:
    """Yield one finding for each principal and secret with more than MOST_READS in a window, each time more come."""
    counted: dict[tuple[str, str, datetime], list[Access]] = {}
    for access in reads:
        for name in access.secrets:
            key = access.who.principal or access.who.arn, name, _window(access.at)
            counted.setdefault(key, []).append(access)
    for (principal, name, window), found in counted.items():
        what = f"{principal}#{name}#{window.isoformat()}"
        times = memory.count(what, len(found), window + WINDOW)
        if times > MOST_READS:
            minutes = int(WINDOW.total_seconds() // 60)
            yield finding(found[-1], matrix, "read-burst", name, times=times, minutes=minutes)


def first_reads(accesses: Sequence[Access], matrix: Matrix, memory: Memory) -> Iterator[Finding]:
    """Yield a finding for each learned reader's first read of a secret, if both have long been known."""
    for access in accesses:
        for name in () if access.failed else access.secrets:
            known = memory.first_seen(f"secret#{name}", access.at)
            reader = matrix.reader(access, name) if access.is_read else None
            if reader is None or not reader.learned:
                continue
            since = max(known, memory.first_seen(f"reader#{reader.principal}", access.at))
            first = memory.first_seen(f"read#{reader.principal}#{name}", access.at)
            if first == access.at and access.at - since >= LEARNING:
                yield finding(access, matrix, "first-reader", name)


def _window(at: datetime) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % WINDOW
