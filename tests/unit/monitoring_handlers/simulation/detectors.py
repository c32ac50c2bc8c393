"""What watches calls: each takes what is delivered in one go and returns what it would tell."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from config.environments import prod
from constructs_lib.access_watch import PATTERN
from local_cloud.launcher.logs.json_patterns import compiled
from monitoring_handlers.access_watch.matrix import Reader
from monitoring_handlers.access_watch.watch import Judged, Watch
from monitoring_handlers.alerting.reading import finding_in
from monitoring_handlers.findings import Finding
from tests.fakes.trail_records import REGION, Record
from tests.fakes.watching import FakeMemory, matrix, watched
from tests.unit.monitoring_handlers.simulation.ordinary import START
from tests.unit.monitoring_handlers.simulation.rules import event_of_call, heard
from tests.unit.monitoring_handlers.simulation.silence import Counts

Detector = Callable[[Sequence[Record]], list[Finding]]

_LONGEST_DELIVERY = timedelta(minutes=14)
_NIGHTLY = Reader(
    principal="role/alees/prod/alees-prod-backup",
    names=("alees/prod/*",),
    but=("alees/prod/admin/credentials",),
    stages=("AWSCURRENT", "AWSPREVIOUS"),
    by_id=False,
    learned=False,
    inside=False,
)
"""The backup, as the matrix is to have it."""


class AccessWatch:
    """The function behind the subscription, its pattern before it."""

    def __init__(self) -> None:
        declared = matrix(replace(prod(), known_networks=("10.1.0.0/16",)))
        self._selects = compiled(PATTERN)
        self._watch = Watch(replace(declared, readers=(*declared.readers, _NIGHTLY)), watched(), FakeMemory())

    def judge(self, records: Sequence[Record]) -> Judged:
        """Return what a batch of the trail tells."""
        return self._watch.judge([each for each in records if self._selects(json.dumps(each))])


def alerting() -> Detector:
    """Return the function behind EventBridge's rules, which hear of what changes something in their own region."""
    known = watched()

    def detect(records: Sequence[Record]) -> list[Finding]:
        changes = (each for each in records if each["awsRegion"] == REGION and not each["readOnly"])
        events = (event for event in map(event_of_call, changes) if heard(event))
        return [found for found in (finding_in(event, known) for event in events) if found is not None]

    return detect


def run(
    records: Sequence[Record], seed: int, *, stopped: tuple[datetime, datetime] | None = None
) -> tuple[list[tuple[datetime, Finding]], Counts]:
    """Return all that is told of *records* and when, and the counts of each hour.

    Each record is delivered up to fourteen minutes late.

    Args:
        records: Of the trail.
        seed: Of the delays.
        stopped: Between these times the trail delivers nothing, and so CloudTrail tells EventBridge of no call.
    """
    random = Random(seed)  # noqa: S311 - a simulation
    batches: dict[datetime, list[Record]] = {}
    for each in records:
        late = datetime.fromisoformat(each["eventTime"]) + _LONGEST_DELIVERY * random.random()
        batches.setdefault(late.replace(second=0, microsecond=0) + timedelta(minutes=1), []).append(each)
    watch, tell, counts = AccessWatch(), alerting(), Counter[tuple[str, int]]()
    told: list[tuple[datetime, Finding]] = []
    for when in sorted(batches):
        batch, hour = batches[when], (when - START) // timedelta(hours=1)
        if stopped is None or not stopped[0] <= when < stopped[1]:
            counts["IncomingLogEvents", hour] += len(batch)
            judged = watch.judge(batch)
            counts["WatchedRecords", hour] += judged.counts["WatchedRecords"]
            told += [(when, found) for found in (*judged.findings, *tell(batch))]
    return told, counts
