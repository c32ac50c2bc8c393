"""Findings survive the bus, and what is no finding is refused."""

import json
from datetime import UTC, datetime

import pytest

from monitoring_handlers.findings import MOST_ENTRIES, Finding, batches

FINDING = Finding(
    alert="read-denied",
    environment="prod",
    about="alees/prod/database/credentials",
    by="arn:aws:iam::111122223333:user/somebody",
    at=datetime(2026, 11, 25, 3, 0, tzinfo=UTC),
    facts={"count": 3, "source": "203.0.113.7"},
)


def test_finding_is_the_same_when_it_has_crossed_the_bus() -> None:
    assert Finding.parse(json.loads(FINDING.entry()["Detail"])) == FINDING


@pytest.mark.parametrize("lacking", ["alert", "environment", "about", "by", "at", "facts"])
def test_finding_is_refused_when_a_member_is_missing(lacking: str) -> None:
    detail = json.loads(FINDING.entry()["Detail"])
    del detail[lacking]

    with pytest.raises(ValueError, match="no finding"):
        Finding.parse(detail)


def test_no_batch_is_larger_than_put_events_takes_when_there_are_many_findings() -> None:
    assert [len(batch) for batch in batches([FINDING] * 23)] == [MOST_ENTRIES, MOST_ENTRIES, 3]
