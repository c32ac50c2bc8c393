"""The whole function, in moto: what it reads, sends, logs, and does when something fails."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from config.environments import prod
from constructs_lib.access.read_matrix import read_matrix
from monitoring_handlers.access_watch import handler as module
from monitoring_handlers.telling import WatchingFailed
from tests.fakes import trail_records as trail
from tests.fakes.trail_records import ACCOUNT, ADMINISTRATOR, APPLICATION, Record, record, refused

CONTEXT = SimpleNamespace(invoked_function_arn=f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:x")


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[Record]]:
    """What the function has put on the bus."""
    file = tmp_path / "matrix.json"
    file.write_text(read_matrix(prod()), encoding="utf-8")
    variables = {
        **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "test"),
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
        "RECOVERY_REGION": "eu-west-1",
        "STACK": "AleesSecretsProd",
        "TRAIL": "alees-secrets",
        "TRAIL_LOG_GROUP": "/alees/trail",
        "TABLE": "t",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(module, "FILE", file)
    sent: list[Record] = []
    with mock_aws():
        client: Any = boto3.client("dynamodb")
        client.create_table(
            TableName="t",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        bus: Any = module._events()
        seen = "before-parameter-build.events.PutEvents"
        bus.meta.events.register(seen, lambda params, **_: sent.extend(params["Entries"]))
        yield sent
    for cached in (module._events, module._matrix, module._the_watch, module._aliases):
        cached.cache_clear()


def _batch(*records: Record, kind: str = "DATA_MESSAGE") -> Record:
    sent = {"messageType": kind, "logEvents": [{"id": "1", "message": json.dumps(each)} for each in records]}
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(sent).encode())).decode()}}


def _line(capsys: pytest.CaptureFixture[str]) -> Record:
    line: Record = json.loads(capsys.readouterr().out)
    return line


def test_findings_go_to_the_bus_and_counts_to_the_log(events: list[Record], capsys: pytest.CaptureFixture[str]) -> None:
    calls = [trail.read(ADMINISTRATOR, "jwt/credentials"), trail.read(APPLICATION, "jwt/credentials")]
    module.handler(_batch(*calls), CONTEXT)
    (entry,) = events
    assert (entry["Source"], json.loads(entry["Detail"])["alert"]) == ("alees.secrets", "stranger-read")
    line = _line(capsys)
    assert (line["WatchedRecords"], line["Reads"], line["DeniedReads"]) == (2, 2, 0)
    assert (line["environment"], line["findings"], line["outcome"]) == ("prod", ["stranger-read"], "done")
    assert [metric["Name"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]] == [
        *("WatchedRecords", "Reads", "DeniedReads")
    ]


def test_nothing_is_judged_when_logs_only_tests_the_subscription(
    events: list[Record], capsys: pytest.CaptureFixture[str]
) -> None:
    module.handler(_batch(trail.read(ADMINISTRATOR, "jwt/credentials"), kind="CONTROL_MESSAGE"), CONTEXT)
    assert (events, _line(capsys)["WatchedRecords"]) == ([], 0)


def test_keys_are_known_by_their_aliases_in_both_regions(events: list[Record]) -> None:
    for region in ("eu-central-1", "eu-west-1"):
        kms: Any = boto3.client("kms", region_name=region)
        made = kms.create_key()["KeyMetadata"]
        kms.create_alias(AliasName="alias/alees/prod/jwt", TargetKeyId=made["KeyId"])
        denial = refused(ADMINISTRATOR, "kms:Decrypt", made["Arn"])
        module.handler(_batch(record(ADMINISTRATOR, "kms", "Decrypt", None, **denial)), CONTEXT)
    found = [json.loads(entry["Detail"]) for entry in events]
    assert [(each["alert"], each["about"]) for each in found] == [("decrypt-denied", "alias/alees/prod/jwt")] * 2


def test_the_key_of_the_trail_is_known_in_another_region(events: list[Record]) -> None:
    kms: Any = boto3.client("kms", region_name="eu-west-1")
    made = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/alees/trail", TargetKeyId=made)
    module.handler(_batch(record(ADMINISTRATOR, "kms", "DisableKey", {"keyId": made}, awsRegion="eu-west-1")), CONTEXT)
    found = [json.loads(entry["Detail"]) for entry in events]
    assert [(each["alert"], each["about"]) for each in found] == [("key-disabled", "alias/alees/trail")]


def test_the_others_are_judged_and_the_batch_fails_when_a_record_cannot_be_read(
    events: list[Record], capsys: pytest.CaptureFixture[str]
) -> None:
    odd = {**trail.read(ADMINISTRATOR, "jwt/credentials"), "eventTime": None}
    with pytest.raises(WatchingFailed, match="UnreadRecordsError at handler.py"):
        module.handler(_batch(odd, trail.read(ADMINISTRATOR, "email/credentials")), CONTEXT)
    assert [json.loads(entry["Detail"])["about"] for entry in events] == ["alees/prod/email/credentials"]
    assert _line(capsys)["WatchedRecords"] == 1


def test_the_batch_fails_when_the_bus_does_not_take_a_finding(
    events: list[Record], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module._events(), "put_events", lambda **_: {"FailedEntryCount": 1})
    with pytest.raises(WatchingFailed, match="NotSentError at sending.py"):
        module.handler(_batch(trail.read(ADMINISTRATOR, "jwt/credentials")), CONTEXT)
    assert _line(capsys)["outcome"] == "failed"
    assert events == []


def test_nothing_of_an_event_is_logged_when_it_is_damaged(
    events: list[Record], capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = _batch({"recipientAccountId": ACCOUNT, "eventSource": "secretsmanager.amazonaws.com", "x": "CANARY"})
    with pytest.raises(WatchingFailed) as failure:
        module.handler(damaged, CONTEXT)
    assert "CANARY" not in f"{failure.value!r}{failure.value.__context__}{capsys.readouterr()}"
    assert events == []
