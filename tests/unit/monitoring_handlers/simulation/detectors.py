"""What watches: each takes what is delivered in one go and returns what it would tell."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from config.environments import prod
from constructs_lib.access_watch import PATTERN
from local_cloud.launcher.logs.json_patterns import compiled
from monitoring_handlers.access_watch.matrix import Reader
from monitoring_handlers.access_watch.watch import Watch
from monitoring_handlers.alerting.reading import finding_in
from monitoring_handlers.findings import Finding
from tests.fakes.trail_records import ACCOUNT, REGION, Record
from tests.fakes.watching import FakeMemory, matrix, watched

Detector = Callable[[Sequence[Record]], list[Finding]]

_DETAIL_TYPES = {"AwsApiCall": "AWS API Call via CloudTrail", "AwsServiceEvent": "AWS Service Event via CloudTrail"}
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


def access_watch() -> Detector:
    """Return the function behind the subscription, its pattern before it."""
    selects = compiled(PATTERN)
    declared = matrix(replace(prod(), known_networks=("10.1.0.0/16",)))
    watch = Watch(replace(declared, readers=(*declared.readers, _NIGHTLY)), watched(), FakeMemory())

    def detect(records: Sequence[Record]) -> list[Finding]:
        selected = [each for each in records if selects(json.dumps(each))]
        return watch.judge(selected).findings if selected else []

    return detect


def alerting() -> Detector:
    """Return the function behind EventBridge's rules, which sees what changes something in the environment's region."""
    known = watched()

    def detect(records: Sequence[Record]) -> list[Finding]:
        events = (_event(each) for each in records if each["awsRegion"] == REGION and not each["readOnly"])
        return [found for found in (finding_in(event, known) for event in events) if found is not None]

    return detect


DETECTORS: tuple[Callable[[], Detector], ...] = (access_watch, alerting)


def _event(each: Record) -> Record:
    source = f"aws.{each['eventSource'].partition('.')[0]}"
    return {"source": source, "detail-type": _DETAIL_TYPES[each["eventType"]], "account": ACCOUNT, "detail": each}


def run(records: Sequence[Record], seed: int) -> list[tuple[datetime, Finding]]:
    """Return all that is told of *records*, and when; each is delivered up to fourteen minutes late."""
    random = Random(seed)  # noqa: S311 - a simulation
    batches: dict[datetime, list[Record]] = {}
    for each in records:
        late = datetime.fromisoformat(each["eventTime"]) + _LONGEST_DELIVERY * random.random()
        batches.setdefault(late.replace(second=0, microsecond=0) + timedelta(minutes=1), []).append(each)
    detectors = [make() for make in DETECTORS]
    return [(when, found) for when in sorted(batches) for detect in detectors for found in detect(batches[when])]
