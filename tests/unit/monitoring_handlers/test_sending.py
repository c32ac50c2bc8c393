"""Findings reach the bus, or it is said that they did not."""

from dataclasses import replace
from typing import Any, cast

import pytest

from monitoring_handlers.findings import MOST_ENTRIES
from monitoring_handlers.sending import NotSentError, send
from tests.unit.monitoring_handlers.test_findings import FINDING


class Bus:
    """EventBridge's client.

    Attributes:
        refused: How many entries of each call are not taken.
    """

    def __init__(self, refused: int = 0) -> None:
        self.refused = refused
        self.calls: list[int] = []

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, int]:  # noqa: N803 - boto3's names
        self.calls.append(len(Entries))
        return {"FailedEntryCount": self.refused}


@pytest.mark.parametrize(("number", "calls"), [(0, []), (1, [1]), (MOST_ENTRIES + 1, [MOST_ENTRIES, 1])])
def test_findings_are_sent_in_as_few_calls_as_they_fit(number: int, calls: list[int]) -> None:
    bus = Bus()

    send(cast("Any", bus), [replace(FINDING, about=str(each)) for each in range(number)])

    assert bus.calls == calls


def test_it_fails_when_some_are_not_taken() -> None:
    with pytest.raises(NotSentError, match="1 of 1 findings"):
        send(cast("Any", Bus(refused=1)), [FINDING])
