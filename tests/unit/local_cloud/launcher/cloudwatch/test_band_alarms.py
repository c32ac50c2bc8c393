"""Alarms above a band, from a stack to the event."""

from datetime import UTC, datetime, timedelta

import pytest

from local_cloud.cloud import RunningCloud
from local_cloud.launcher.cloudwatch.bands import LEAST_PERIODS
from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack
from tests.unit.local_cloud.launcher.cloudwatch.band import HOUR, on_band
from tests.unit.local_cloud.launcher.cloudwatch.test_alarms import put, wait_for_state
from tests.unit.local_cloud.launcher.event_queue import EventQueue
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


def deploy(own: LocalAws, stack: Stack, *, hours: int = LEAST_PERIODS) -> None:
    """Deploy the alarm, and put history: one and three runs by turns, in so many of the hours before the last three."""
    stack.deploy({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": on_band()}})
    now, dimensions = datetime.now(UTC), [{"Name": "environment", "Value": "test"}]
    data = [
        {"MetricName": "Runs", "Dimensions": dimensions, "Timestamp": now - timedelta(hours=4 + hour), "Value": value}
        for hour, value in zip(range(hours), [1, 3] * hours, strict=False)
    ]
    own.client("cloudwatch").put_metric_data(Namespace="Own", MetricData=data)


def put_many(own: LocalAws, runs: int) -> None:
    for _ in range(runs):
        put(own)


def test_alarm_rings_when_two_hours_are_above_what_was_learned(
    own: LocalAws, own_stack: Stack, cloud: RunningCloud
) -> None:
    deploy(own, own_stack)
    put_many(own, 7)
    wait_for_state(own, own_stack, "OK")

    cloud.advance(HOUR)
    put_many(own, 6)
    wait_for_state(own, own_stack, "OK")
    put(own)

    wait_for_state(own, own_stack, "ALARM")


def test_alarm_has_insufficient_data_while_it_learns(own: LocalAws, own_stack: Stack, cloud: RunningCloud) -> None:
    deploy(own, own_stack, hours=LEAST_PERIODS - 1)
    put(own)
    cloud.advance(HOUR)
    wait_for_state(own, own_stack, "INSUFFICIENT_DATA")

    cloud.advance(2 * HOUR)

    wait_for_state(own, own_stack, "OK")


def test_alarm_is_described_by_its_metrics_and_keeps_its_state_when_it_changes(own: LocalAws, own_stack: Stack) -> None:
    deploy(own, own_stack)
    wait_for_state(own, own_stack, "OK")
    wider = on_band()
    wider["Metrics"][0]["Expression"] = "ANOMALY_DETECTION_BAND(m0, 5)"
    own_stack.deploy({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": wider}})

    (alarm,) = own.client("cloudwatch").describe_alarms(AlarmNames=[own_stack.physical_ids()["Alarm"]])["MetricAlarms"]
    assert [each.get("Expression") for each in alarm["Metrics"]] == ["ANOMALY_DETECTION_BAND(m0, 5)", None]
    assert (alarm["ThresholdMetricId"], alarm["StateValue"]) == ("band", "OK")
    assert {"MetricName", "Namespace", "Period", "Statistic", "Threshold"} & set(alarm) == set()


def test_state_change_names_metric_and_band_as_cloudwatch_does(own: LocalAws, own_stack: Stack) -> None:
    heard = EventQueue(own, {"source": ["aws.cloudwatch"]})
    deploy(own, own_stack)

    (event,) = heard.wait_for(1)
    configuration = event["detail"]["configuration"]
    metric = {"namespace": "Own", "name": "Runs", "dimensions": {"environment": "test"}}
    assert configuration["description"] == "runs-unusual: much runs"
    assert configuration["metrics"] == [
        {"id": "band", "expression": "ANOMALY_DETECTION_BAND(m0, 4)", "label": "usual", "returnData": True},
        {"id": "m0", "metricStat": {"metric": metric, "period": HOUR, "stat": "Sum"}, "returnData": True},
    ]
