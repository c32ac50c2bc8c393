"""What resources are billed for, and where on the bill it stands."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from operations.cost.bill import bill, total
from operations.cost.billed import Part
from operations.cost.prices import Item
from operations.cost.usage import HOURS, FunctionUse, Usage
from operations.errors import OperationError
from tests.unit.operations.cost.stacks import stack

UNUSED = Usage(reads_per_day=0, other_events_per_day=0, alerts=0, dashboard_views=0, trail_files=0)
KEY = {"Type": "AWS::KMS::Key"}


def quantities(folder: Path, *resources: dict[str, Any], usage: Usage = UNUSED) -> dict[tuple[Part, Item], float]:
    return {(line.part, line.item): line.quantity for line in bill([stack(folder, *resources)], usage)}


def test_replica_is_billed_as_a_secret_of_recovery_in_its_region(tmp_path: Path) -> None:
    secret = {
        "Type": "AWS::SecretsManager::Secret",
        "path": "JwtSecret",
        "Properties": {"ReplicaRegions": [{"Region": "eu-west-1"}]},
    }

    lines = bill([stack(tmp_path, secret)], UNUSED)

    assert [(line.part, line.item, line.region, line.usd) for line in lines] == [
        (Part.SECRETS, Item.SECRET, "us-east-1", 0.40),
        (Part.RECOVERY, Item.SECRET, "eu-west-1", 0.40),
    ]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("JwtKey/Key", Part.SECRETS),
        ("LogKey/Key", Part.SECRETS),
        ("WatchKey/Key", Part.WATCHING),
        ("NobodyKnows/Key", Part.WATCHING),
    ],
)
def test_what_is_not_known_to_be_for_secrets_counts_as_watching(tmp_path: Path, path: str, part: Part) -> None:
    assert quantities(tmp_path, {**KEY, "path": path}) == {(part, Item.KEY): 1}


def test_what_the_recovery_stack_holds_counts_as_recovery_and_what_the_account_shares_as_watching(
    tmp_path: Path,
) -> None:
    stacks = [
        stack(tmp_path, {**KEY, "path": "Trail/Key"}, name="AleesSecretsAccount"),
        stack(tmp_path, {**KEY, "path": "Vault/Key"}, name="AleesSecretsProdRecovery", region="eu-west-1"),
    ]

    assert {(line.part, line.region) for line in bill(stacks, UNUSED)} == {
        (Part.WATCHING, "us-east-1"),
        (Part.RECOVERY, "eu-west-1"),
    }


@pytest.mark.parametrize(
    ("properties", "metrics"),
    [
        ({"MetricName": "Errors"}, 1),
        ({"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a / b"}]}, 2),
        ({"Metrics": [{"MetricStat": {}}, {"Expression": "ANOMALY_DETECTION_BAND(m, 3)"}]}, 3),
    ],
)
def test_alarm_is_billed_by_the_metrics_that_it_watches(
    tmp_path: Path, properties: dict[str, Any], metrics: int
) -> None:
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}

    assert quantities(tmp_path, alarm) == {(Part.WATCHING, Item.ALARM): metrics}


def test_function_is_billed_for_its_time_lines_metrics_and_calls(tmp_path: Path) -> None:
    use = FunctionUse(invocations=1000, seconds=2, metrics=("One", "Two"), metric_hours=HOURS / 2, calls=10, events=3)
    usage = replace(UNUSED, functions={"Health": use}, line_bytes=1e6, kept_months=2, kept_share=0.5)
    function = {"Type": "AWS::Lambda::Function", "path": "Health/Function", "Properties": {"MemorySize": 512}}

    found = quantities(tmp_path, function, usage=usage)

    assert {item: quantity for (_, item), quantity in found.items()} == {
        Item.INVOCATIONS: 0.001,
        Item.COMPUTING: 1000,
        Item.LOGS_WRITTEN: 1,
        Item.LOGS_KEPT: 1,
        Item.METRIC: 1,
        Item.SECRET_CALLS: 1,
        Item.EVENTS: 0.003,
    }


def test_table_is_billed_for_what_is_assumed_of_it(tmp_path: Path) -> None:
    table = {"Type": "AWS::DynamoDB::Table", "path": "Alerts/Told"}

    assert quantities(tmp_path, table, usage=replace(UNUSED, table_writes={"Told": 2e6})) == {
        (Part.WATCHING, Item.TABLE_WRITES): 2
    }


def test_endpoint_is_billed_for_each_subnet_and_hour(tmp_path: Path) -> None:
    endpoint = {"Type": "AWS::EC2::VPCEndpoint", "path": "SecretsManagerEndpoint", "Properties": {"SubnetIds": [1, 2]}}

    assert quantities(tmp_path, endpoint) == {(Part.SECRETS, Item.ENDPOINT_HOURS): 2 * HOURS}


def test_trail_is_billed_for_what_it_writes_and_functions_groups_are_not_billed_twice(tmp_path: Path) -> None:
    usage = replace(UNUSED, other_events_per_day=24e9 / HOURS / UNUSED.event_bytes)  # a gigabyte a month
    groups = [{"Type": "AWS::Logs::LogGroup", "path": path} for path in ("Trail/Log", "JwtRotation/Log")]

    found = quantities(tmp_path, *groups, usage=usage)

    assert found == pytest.approx({(Part.WATCHING, Item.LOGS_WRITTEN): 1, (Part.WATCHING, Item.LOGS_KEPT): 1.8})


def test_reads_are_billed_by_secrets_manager_and_by_kms(tmp_path: Path) -> None:
    usage = replace(UNUSED, reads_per_day=24e4 / HOURS)  # 10,000 a month

    lines = bill([stack(tmp_path)], usage)

    assert {line.item: line.quantity for line in lines} == pytest.approx({Item.SECRET_CALLS: 1, Item.KEY_CALLS: 1})
    assert total(lines) == pytest.approx(0.08)


@pytest.mark.parametrize(
    ("resource", "region", "problem"),
    [
        ({"Type": "AWS::RDS::DBInstance"}, "us-east-1", r"nothing is known of what AWS::RDS::DBInstance \(Something"),
        ({"Type": "AWS::Lambda::Function"}, "us-east-1", "nothing is assumed of how often the function Something"),
        ({"Type": "AWS::DynamoDB::Table"}, "us-east-1", "nothing is assumed of how often the table Something"),
        (KEY, "ap-south-1", "region is 'ap-south-1'; prices are known for us-east-1, eu-central-1, eu-west-1"),
    ],
)
def test_nothing_is_free_only_because_it_is_unknown(
    tmp_path: Path, resource: dict[str, Any], region: str, problem: str
) -> None:
    with pytest.raises(OperationError, match=problem):
        bill([stack(tmp_path, resource, region=region)], UNUSED)
