from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from monitoring_handlers.alerting.folding import KEEP_SECONDS, Folded, Folding, Repeated
from monitoring_handlers.findings import Finding

AT = datetime(2026, 11, 25, 3, 14, 7, tzinfo=UTC)
NOW = AT.timestamp()
FINDING = Finding(alert="read-denied", environment="prod", about="alees/prod/jwt/credentials", by="jane", at=AT)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        client.create_table(
            TableName="told",
            KeySchema=[{"AttributeName": "alert", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "alert", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folding(table: Any, clock: Clock) -> Folding:
    return Folding(table, "told", clock)


def test_the_first_is_told(folding: Folding) -> None:
    assert folding.fold(FINDING, "1", 60) == Folded(told=True)


def test_repetitions_are_counted_and_the_next_message_says_how_many(folding: Folding, clock: Clock) -> None:
    folding.fold(FINDING, "1", 60)
    clock.now += 3599
    assert [folding.fold(FINDING, event, 60).told for event in ("2", "3")] == [False, False]

    clock.now += 1
    assert folding.fold(FINDING, "4", 60) == Folded(told=True, repeated=Repeated(2, "2026-11-25 03:14 UTC"))
    clock.now += 3600
    assert folding.fold(FINDING, "5", 60) == Folded(told=True)


@pytest.mark.parametrize(
    "other",
    [
        Finding(alert="read-burst", environment="prod", about=FINDING.about, by="jane", at=AT),
        Finding(alert="read-denied", environment="prod", about="alees/prod/email/credentials", by="jane", at=AT),
        Finding(alert="read-denied", environment="prod", about=FINDING.about, by="joe", at=AT),
    ],
)
def test_another_alert_or_thing_or_doer_is_no_repetition(folding: Folding, other: Finding) -> None:
    folding.fold(FINDING, "1", 60)

    assert folding.fold(other, "2", 60) == Folded(told=True)


ROLE = "arn:aws:sts::111122223333:assumed-role"
SERVER = replace(FINDING, by=f"{ROLE}/alees-prod-application/i-0a1b2c3d4e5f60718")


def test_servers_of_one_role_are_one_doer(folding: Folding) -> None:
    folding.fold(SERVER, "1", 60)

    assert not folding.fold(replace(SERVER, by=f"{ROLE}/alees-prod-application/i-0000000000000000a"), "2", 60).told
    assert folding.fold(replace(SERVER, by=f"{ROLE}/alees-prod-operator/i-0a1b2c3d4e5f60718"), "3", 60).told


def test_several_secrets_are_a_repetition_when_they_are_the_same(folding: Folding) -> None:
    first, same, others = (
        replace(FINDING, about="alees/prod/*", facts={"secrets": ", ".join(names)})
        for names in (("a", "b"), ("b", "a"), ("a", "c"))
    )
    assert [folding.fold(each, event, 60).told for each, event in ((first, "1"), (same, "2"), (others, "3"))] == [
        *(True, False, True)
    ]


def test_repetitions_are_counted_when_there_are_more_names_than_a_key_takes(folding: Folding) -> None:
    names = ", ".join(f"alees/prod/api/service-{number}/key" for number in range(300))
    many = replace(FINDING, about="alees/prod/*", facts={"secrets": names})

    assert [folding.fold(many, event, 60) for event in "12"] == [Folded(told=True), Folded(told=False)]


def test_the_same_event_is_told_again_when_it_comes_again(folding: Folding) -> None:
    folding.fold(FINDING, "1", 60)

    assert folding.fold(FINDING, "1", 60).told


def test_the_item_expires_a_week_after_the_last_message(table: Any, folding: Folding) -> None:
    folding.fold(FINDING, "1", 60)

    (item,) = table.scan(TableName="told")["Items"]
    assert int(item["expires"]["N"]) == int(NOW) + 3600 + KEEP_SECONDS


def test_everything_is_told_when_there_is_no_table(table: Any, clock: Clock) -> None:
    gone = Folding(table, "gone", clock)

    assert [gone.fold(FINDING, event, 60) for event in "12"] == [Folded(told=True, reached=False)] * 2


def test_it_is_told_when_the_table_does_not_answer(table: Any) -> None:
    def silent(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.eu-central-1.amazonaws.com")

    table.meta.events.register("before-send.dynamodb.UpdateItem", silent)

    assert Folding(table, "told").fold(FINDING, "1", 60) == Folded(told=True, reached=False)
