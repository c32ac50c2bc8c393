"""Judges a batch of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitoring_handlers.access_watch.access import Access
from monitoring_handlers.access_watch.habits import bursts, first_reads
from monitoring_handlers.access_watch.matrix import Matrix
from monitoring_handlers.access_watch.memory import Memory
from monitoring_handlers.access_watch.reading import Record, read
from monitoring_handlers.access_watch.rules import judge, secrets_told
from monitoring_handlers.findings import Finding
from monitoring_handlers.tampering import finding_of
from monitoring_handlers.watched import Watched

_GATHERED = frozenset({"first-reader", "outside-network", "read-denied", "stranger-read", "stranger-write"})
"""Alerts of which one tells about several secrets, so that a batch does not ring twenty times."""


@dataclass(kw_only=True, slots=True)
class Judged:
    """What came of a batch.

    Attributes:
        findings: What somebody should know.
        unread: How many records are not written as such are; what they tell is not judged.
        counts: Metric to how much this batch adds to it.
    """

    findings: list[Finding] = field(default_factory=list)
    unread: int
    counts: Mapping[str, int]


class Watch:
    """Judges records of one environment.

    Args:
        matrix: Who may read what.
        watched: What belongs to the environment.
        memory: What earlier records told.
    """

    def __init__(self, matrix: Matrix, watched: Watched, memory: Memory) -> None:
        self._matrix = matrix
        self._watched = watched
        self._memory = memory

    def judge(self, records: Sequence[Record]) -> Judged:
        """Return what *records* tell, of this account; one that comes twice in them is taken once."""
        own = [each for each in records if each.get("recipientAccountId") == self._watched.account]
        seen = [(each, access) for each in own if (access := self._read(each)) is not None]
        accesses = list({access.id: access for _, access in seen}.values())
        reads = [access for access in accesses if access.is_read]
        findings = [
            *(found for access in accesses for found in judge(access, self._matrix, self._watched)),
            *bursts(reads, self._matrix, self._memory),
            *first_reads(accesses, self._matrix, self._memory),
            *self._elsewhere([each for each, _ in seen]),
        ]
        counts = {
            "WatchedRecords": len(accesses),
            "Reads": len(reads),
            "DeniedReads": sum(access.is_refused_read for access in accesses),
        }
        return Judged(findings=self._gathered(findings), unread=len(own) - len(seen), counts=counts)

    def _read(self, record: Record) -> Access | None:
        """Return the call that *record* tells of; None if it is not written as one is: a caller types much of it."""
        try:
            return read(record, self._watched)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def _elsewhere(self, records: Sequence[Record]) -> list[Finding]:
        """Return what was tampered with in other regions, which EventBridge in the environment's does not see."""
        away = (each for each in records if each["awsRegion"] != self._matrix.region)
        return [found for found in (finding_of(each, self._watched) for each in away) if found is not None]

    def _gathered(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return one finding where one principal did the same to several secrets."""
        groups: dict[tuple[str, ...], list[Finding]] = {}
        for found in findings:
            several = found.alert in _GATHERED
            groups.setdefault((found.alert, found.by, "" if several else found.about), []).append(found)
        return [self._one(group) for group in groups.values()]

    def _one(self, group: Sequence[Finding]) -> Finding:
        last, names = group[-1], list(dict.fromkeys(found.about for found in group))
        if len(group) == 1:
            return last
        times = sum(int(found.facts.get("times", 1)) for found in group)
        told = secrets_told(names, self._matrix) if last.alert in _GATHERED else {}
        about = names[0] if len(names) == 1 else f"{self._matrix.prefix}*"
        return replace(last, about=about, facts={**last.facts, "times": times, **told})
