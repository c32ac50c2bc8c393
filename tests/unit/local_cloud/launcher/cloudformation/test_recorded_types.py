from typing import Any

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

READS = {"Namespace": "AleesSecrets", "MetricName": "Reads"}


def _computed(factor: int) -> dict[str, Any]:
    metrics = [
        {"Id": "m0", "MetricStat": {"Metric": READS, "Period": 3600, "Stat": "Sum"}, "ReturnData": False},
        {"Id": "more", "Expression": f"m0 * {factor}"},
    ]
    return {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 3, "Threshold": 1, "Metrics": metrics}


def _resources(number: int) -> dict[str, Any]:
    plain = {
        **READS,
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "Period": 60,
    }
    query = {"Name": "a query", "QueryString": f"limit {number}"}
    return {
        "Computed": {"Type": "AWS::CloudWatch::Alarm", "Properties": _computed(number)},
        "Plain": {"Type": "AWS::CloudWatch::Alarm", "Properties": {**plain, "Statistic": "Sum"}},
        "Query": {"Type": "AWS::Logs::QueryDefinition", "Properties": query},
    }


def test_stack_is_made_changed_and_deleted_when_it_has_what_is_only_recorded(aws: LocalAws, stack: Stack) -> None:
    stack.deploy(_resources(2))
    stack.deploy(_resources(4))
    alarms = [each["AlarmName"] for each in aws.client("cloudwatch").describe_alarms()["MetricAlarms"]]
    assert stack.physical_ids()["Plain"] in alarms
    assert stack.physical_ids()["Computed"] not in alarms
