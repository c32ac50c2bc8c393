"""What people get of what is told: alerting's own folding, with a table of its own, and its texts."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

import boto3
from moto import mock_aws

from monitoring_handlers.alerting.composing import Message, compose
from monitoring_handlers.alerting.folding import Folding
from monitoring_handlers.alerting.reading import finding_in
from monitoring_handlers.alerting.texts import TEXTS
from monitoring_handlers.findings import DETAIL_TYPE, SOURCE, Finding
from tests.fakes.watching import watched
from tests.unit.monitoring_handlers.simulation.rules import event_of, heard


def messages(told: Sequence[tuple[datetime, Finding]]) -> list[Message]:
    """Return the messages about *told*, in the order of time."""
    with mock_aws():
        table = boto3.client(
            "dynamodb",
            "eu-central-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        table.create_table(
            TableName="told",
            KeySchema=[{"AttributeName": "alert", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "alert", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        return list(_messages(Folding(table, "told", _Clock(told)), told))


class _Clock:
    """Shows when each finding is told, one after the other."""

    def __init__(self, told: Sequence[tuple[datetime, Finding]]) -> None:
        self._times = iter([when.timestamp() for when, _ in sorted(told, key=_when)])

    def __call__(self) -> float:
        return next(self._times)


def _messages(folding: Folding, told: Sequence[tuple[datetime, Finding]]) -> Iterator[Message]:
    known = watched()
    for number, (_, found) in enumerate(sorted(told, key=_when)):
        event = event_of(SOURCE, DETAIL_TYPE, json.loads(str(found.entry()["Detail"])))
        assert heard(event)
        assert finding_in(event, known) == found
        text = TEXTS[found.alert]
        folded = folding.fold(found, f"event-{number}", text.fold_minutes)
        assert folded.reached
        if folded.told:
            yield compose(text, found, known, folded.repeated)


def _when(told: tuple[datetime, Finding]) -> datetime:
    return told[0]
