"""One look at an environment in moto, and the function's entry point's settings."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from monitoring_handlers.findings import DETAIL_TYPE, HEARTBEAT
from monitoring_handlers.health.look import Clients, look
from monitoring_handlers.health.settings import HealthSettings
from tests.fakes.canary import CANARY
from tests.unit.alees_secrets.test_observing import DECLARED

NOW = datetime.now(UTC).replace(microsecond=0)
EVENT = {"time": NOW.strftime("%Y-%m-%dT%H:%M:%SZ")}


class Bus:
    """EventBridge's client; keeps what it is sent."""

    def __init__(self) -> None:
        self.details: list[dict[str, Any]] = []
        self.beats = 0

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, int]:  # noqa: N803 - boto3's names
        self.beats += sum(entry["DetailType"] == HEARTBEAT for entry in Entries)
        self.details += [json.loads(entry["Detail"]) for entry in Entries if entry["DetailType"] == DETAIL_TYPE]
        return {"FailedEntryCount": 0}


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch, bus: Bus) -> Iterator[Clients]:
    """Clients of an account in which one of two declared secrets exists, and a topic with a subscriber."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "moto")
    with mock_aws():
        session = boto3.Session(region_name="eu-central-1")
        secrets = session.client("secretsmanager")
        secrets.create_secret(
            Name="alees/prod/email/credentials",
            SecretString=CANARY,
            Tags=[{"Key": "alees:environment", "Value": "prod"}],
            AddReplicaRegions=[{"Region": "eu-west-1"}],
        )
        secrets.create_secret(Name="alees/prod/admin/credentials", SecretString=CANARY)
        topics = session.client("sns")
        topic = topics.create_topic(Name="alerts")["TopicArn"]
        topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:queue")
        yield Clients(secrets=secrets, events=cast("Any", bus), topics=topics, trail=session.client("cloudtrail"))


def _settings(clients: Clients, **more: Any) -> HealthSettings:
    topic = clients.topics.list_topics()["Topics"][0]["TopicArn"]
    return replace(HealthSettings(declared=DECLARED, endpoints=(), topic_arn=topic, trail_arn=None), **more)


def test_a_look_tells_what_is_wrong_and_counts_it(
    clients: Clients, bus: Bus, capsys: pytest.CaptureFixture[str]
) -> None:
    line: dict[str, object] = {}

    look(EVENT, _settings(clients), clients, line)

    assert [(each["alert"], each["about"]) for each in bus.details] == [
        ("secret-missing", "alees/prod/jwt/credentials")
    ]
    assert line["findings"] == ["secret-missing alees/prod/jwt/credentials"]
    assert (line["HealthRuns"], line["SecretsUnhealthy"], line["environment"]) == (1, 1, "prod")
    assert bus.details[0]["at"] == NOW.isoformat()
    assert bus.beats == 1
    assert CANARY not in json.dumps([line, bus.details]) + capsys.readouterr().out


def test_the_time_of_the_event_is_what_is_judged_by(clients: Clients, bus: Bus) -> None:
    look({"time": "2099-01-01T00:00:00Z"}, _settings(clients), clients, {})

    assert {each["alert"] for each in bus.details} == {"secret-missing", "not-initialised", "secret-unused"}


def test_who_is_told_and_the_trail_are_looked_at_too(clients: Clients, bus: Bus) -> None:
    trail = "arn:aws:cloudtrail:eu-central-1:123456789012:trail/alees-secrets"

    look(EVENT, _settings(clients, endpoints=("ops@alees.example",), trail_arn=trail), clients, {})

    assert [(each["alert"], each["about"]) for each in bus.details[1:]] == [
        ("subscription-missing", "ops@alees.example"),
        ("trail-silent", trail),
    ]


def test_a_look_that_fails_half_way_has_told_what_it_saw_and_counts_as_none(clients: Clients, bus: Bus) -> None:
    line: dict[str, object] = {}

    with pytest.raises(ClientError):
        look(EVENT, _settings(clients, topic_arn="arn:aws:sns:eu-central-1:123456789012:gone"), clients, line)

    assert [each["alert"] for each in bus.details] == ["secret-missing"]
    assert "HealthRuns" not in line


def test_settings_come_from_the_package_and_the_environment(tmp_path: Path) -> None:
    (tmp_path / "declared.json").write_text(DECLARED.to_json(), encoding="utf-8")
    (tmp_path / "endpoints.json").write_text('["ops@alees.example"]', encoding="utf-8")

    settings = HealthSettings.read(tmp_path, {"TOPIC_ARN": "topic"})

    assert settings == HealthSettings(
        declared=DECLARED, endpoints=("ops@alees.example",), topic_arn="topic", trail_arn=None
    )
    assert HealthSettings.read(tmp_path, {"TOPIC_ARN": "topic", "TRAIL_ARN": "trail"}).trail_arn == "trail"
