"""The table that remembers, in moto."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from monitoring_handlers.access_watch.memory import TableMemory
from tests.fakes.trail_records import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        made: Any = boto3.client("dynamodb", region_name="eu-central-1")
        made.create_table(
            TableName="memory",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield made


def test_the_first_time_is_the_same_for_every_execution_environment(client: Any) -> None:
    one, other = TableMemory(client, "memory"), TableMemory(client, "memory")
    assert one.first_seen("x", NOW) == NOW
    assert other.first_seen("x", LATER) == NOW
    assert one.first_seen("x", NOW) == NOW
    assert one.first_seen("y", LATER) == LATER


def test_the_table_is_asked_once_when_a_thing_is_long_known(client: Any) -> None:
    TableMemory(client, "memory").first_seen("x", NOW)
    memory = TableMemory(client, "memory")
    assert memory.first_seen("x", LATER) == NOW
    client.delete_table(TableName="memory")
    assert memory.first_seen("x", LATER) == NOW


def test_counts_add_up_and_expire(client: Any) -> None:
    one, other = TableMemory(client, "memory"), TableMemory(client, "memory")
    assert one.count("x", 3, LATER) == 3
    assert other.count("x", 4, LATER) == 7
    assert one.count("y", 1, LATER) == 1
    item = client.get_item(TableName="memory", Key={"id": {"S": "count#x"}})["Item"]
    assert int(item["expires"]["N"]) == (LATER + timedelta(days=1)).timestamp()
