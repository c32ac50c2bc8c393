import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from monitoring_handlers.alerting import handler as entry
from monitoring_handlers.alerting.publishing import Clients, alert
from monitoring_handlers.alerting.settings import AlertingSettings
from monitoring_handlers.telling import WatchingFailed
from tests.unit.monitoring_handlers.events import ACCOUNT, DATABASE, REGION, alarm, api_call, service_event

VARIABLES = {
    "ENVIRONMENT": "prod",
    "STACK": "AleesSecretsProd",
    "ACCOUNT": ACCOUNT,
    "AWS_REGION": REGION,
    "TRAIL": "alees-secrets",
    "TRAIL_LOG_GROUP": "",
    "TABLE": "told",
}
DELETED = api_call("secretsmanager", "DeleteSecret", {"secretId": DATABASE})


class World:
    """A topic with a queue, the table and a key in memory."""

    def __init__(self) -> None:
        self.clients = Clients(sns=boto3.client("sns"), dynamodb=boto3.client("dynamodb"), kms=boto3.client("kms"))
        topic = self.clients.sns.create_topic(Name="AleesSecretsProd-AlertsTopic")["TopicArn"]
        self.settings = AlertingSettings.from_environment({**VARIABLES, "TOPIC_ARN": topic})
        self._sqs: Any = boto3.client("sqs")
        self._queue = self._sqs.create_queue(QueueName="heard")["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:123456789012:heard"
        self.clients.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.clients.dynamodb.create_table(
            TableName="told",
            KeySchema=[{"AttributeName": "alert", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "alert", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def subjects(self) -> list[str]:
        messages = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"])["Subject"] for message in messages]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        made = World()
        for name, value in {**VARIABLES, "TOPIC_ARN": made.settings.topic_arn}.items():
            monkeypatch.setenv(name, value)
        entry._clients.cache_clear()
        yield made
        entry._clients.cache_clear()


def _tell(world: World, event: dict[str, Any]) -> dict[str, object]:
    line: dict[str, object] = {}
    alert(event, world.settings, world.clients, line)
    return line


def test_an_alert_is_published_once_when_its_event_repeats(world: World) -> None:
    lines = [_tell(world, {**DELETED, "id": each}) for each in "12"]

    assert world.subjects() == ["CRITICAL Prod: alees/prod/database/credentials was deleted"]
    assert [line["told"] for line in lines] == ["yes", "counted"]
    assert (lines[0]["alert"], lines[0]["about"]) == ("secret-deleted", DATABASE)


def test_an_alert_is_published_each_time_when_the_table_is_gone(world: World) -> None:
    world.clients.dynamodb.delete_table(TableName="told")

    lines = [_tell(world, {**DELETED, "id": each}) for each in "12"]

    assert len(world.subjects()) == 2
    assert all("could not be reached" in str(line["folding"]) for line in lines)


def test_an_alert_that_could_not_be_published_is_published_when_lambda_tries_again(world: World) -> None:
    away = replace(world.settings, topic_arn=f"arn:aws:sns:{REGION}:123456789012:gone")
    with pytest.raises(world.clients.sns.exceptions.NotFoundException):
        alert(DELETED, away, world.clients, {})

    _tell(world, DELETED)

    assert len(world.subjects()) == 1


def test_nothing_is_published_when_the_event_is_about_nobody(world: World) -> None:
    line = _tell(world, service_event("RotationSucceeded"))

    assert world.subjects() == []
    assert line == {"told": "nothing"}


def test_a_key_is_known_by_its_alias(world: World) -> None:
    key = world.clients.kms.create_key()["KeyMetadata"]["KeyId"]
    world.clients.kms.create_alias(AliasName="alias/alees/prod/api", TargetKeyId=key)

    _tell(world, api_call("kms", "DisableKey", {"keyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}"}))

    assert world.subjects() == ["CRITICAL Prod: The key alias/alees/prod/api was disabled"]


@pytest.mark.parametrize("further", ["alias/aaa", "alias/zzz"])
def test_another_alias_hides_no_key(world: World, further: str) -> None:
    key = world.clients.kms.create_key()["KeyMetadata"]["KeyId"]
    for alias in ("alias/alees/prod/api", further):
        world.clients.kms.create_alias(AliasName=alias, TargetKeyId=key)

    _tell(world, api_call("kms", "ScheduleKeyDeletion", {"keyId": key, "pendingWindowInDays": 7}))

    assert world.subjects() == ["CRITICAL Prod: The key alias/alees/prod/api will be deleted in 7 days"]


def test_the_function_publishes_and_logs_one_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    entry.handler(DELETED, None)

    assert len(world.subjects()) == 1
    line = json.loads(capsys.readouterr().out)
    assert (line["alert"], line["told"], line["outcome"]) == ("secret-deleted", "yes", "done")


def test_the_function_fails_when_an_alarm_has_no_alert(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WatchingFailed, match="ValueError"):
        entry.handler(alarm(description="no id"), None)

    assert world.subjects() == []
    assert json.loads(capsys.readouterr().out)["outcome"] == "failed"
