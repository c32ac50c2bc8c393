"""Alarms change their state by the clock, and tell a topic and EventBridge."""

import json
from datetime import datetime
from typing import Any

import pytest

from local_cloud.cloud import RunningCloud
from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack
from tests.unit.local_cloud.launcher.cloudformation.templates import key, policy
from tests.unit.local_cloud.launcher.event_queue import EventQueue
from tests.unit.local_cloud.local_aws import LocalAws, wait_until

pytestmark = pytest.mark.servers

HOUR = 3600
CLOUDWATCH = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}}
OF_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
USE_KEY = {**CLOUDWATCH, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*", "Condition": OF_ACCOUNT}


def resources(*, key_statement: dict[str, Any] = USE_KEY, **properties: Any) -> Resources:
    """Return an encrypted topic and an alarm that tells it of two hours without runs."""
    publish = {**CLOUDWATCH, "Action": "sns:Publish", "Resource": {"Ref": "Topic"}, "Condition": OF_ACCOUNT}
    alarm = {
        "AlarmDescription": "runs-silent: nothing runs",
        "Namespace": "Own",
        "MetricName": "Runs",
        "Dimensions": [{"Name": "environment", "Value": "test"}],
        "Statistic": "Sum",
        "Period": HOUR,
        "EvaluationPeriods": 2,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
        "AlarmActions": [{"Ref": "Topic"}],
        "OKActions": [{"Ref": "Topic"}],
        **properties,
    }
    return {
        "TopicKey": key(key_statement),
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "TopicKey"}}},
        "TopicPolicy": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": policy(publish)},
        },
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
    }


def put(own: LocalAws, environment: str = "test") -> None:
    """Put a value of the metric, now; PutMetricData counts as of the clock that was moved."""
    dimensions = [{"Name": "environment", "Value": environment}]
    datum = {"MetricName": "Runs", "Dimensions": dimensions, "Value": 1}
    own.client("cloudwatch").put_metric_data(Namespace="Own", MetricData=[datum])


def wait_for_state(own: LocalAws, stack: Stack, state: str) -> None:
    def found() -> str:
        name = stack.physical_ids()["Alarm"]
        alarms = own.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return str(alarms[0]["StateValue"])

    wait_until(lambda: found() == state, f"the alarm is not {state}")


@pytest.fixture
def heard(own: LocalAws) -> EventQueue:
    """What EventBridge tells of alarms; the topic's messages come here too once it is subscribed."""
    return EventQueue(own, {"source": ["aws.cloudwatch"]})


def _listen(own: LocalAws, stack: Stack, heard: EventQueue) -> None:
    own.client("sns").subscribe(TopicArn=stack.physical_ids()["Topic"], Protocol="sqs", Endpoint=heard.arn)


def _told(heard: EventQueue) -> list[tuple[str, str]]:
    """Return where each message came from, and the state that it tells."""
    return sorted(
        ("topic", json.loads(each["Message"])["NewStateValue"])
        if "Message" in each
        else (each["detail-type"], each["detail"]["state"]["value"])
        for each in heard.received()
    )


def test_silence_is_an_alarm_when_its_hours_have_passed_and_ends_when_data_comes(
    own: LocalAws, own_stack: Stack, cloud: RunningCloud, heard: EventQueue
) -> None:
    own_stack.deploy(resources())
    _listen(own, own_stack, heard)
    put(own)
    put(own, "another")
    wait_for_state(own, own_stack, "OK")
    cloud.advance(1.5 * HOUR)
    wait_for_state(own, own_stack, "OK")

    cloud.advance(HOUR)
    wait_for_state(own, own_stack, "ALARM")
    put(own)
    wait_for_state(own, own_stack, "OK")

    states = ["ALARM", "OK", "OK"]
    wait_until(lambda: len(heard.received()) >= 2 * len(states), f"only {heard.received()}")
    event = "CloudWatch Alarm State Change"
    assert _told(heard) == [*((event, state) for state in states), *(("topic", state) for state in states)]


def test_state_change_is_told_as_cloudwatch_writes_it(own: LocalAws, own_stack: Stack, heard: EventQueue) -> None:
    own_stack.deploy(resources())
    put(own)

    (event,) = heard.wait_for(1)
    name = own_stack.physical_ids()["Alarm"]
    detail = event["detail"]
    assert event["resources"] == [f"arn:aws:cloudwatch:{event['region']}:{event['account']}:alarm:{name}"]
    assert (detail["alarmName"], detail["previousState"]["value"]) == (name, "INSUFFICIENT_DATA")
    assert detail["configuration"]["description"] == "runs-silent: nothing runs"
    assert datetime.fromisoformat(detail["state"]["timestamp"]).tzinfo is not None


def test_topic_is_not_told_when_its_key_does_not_admit_cloudwatch(
    own: LocalAws, own_stack: Stack, heard: EventQueue
) -> None:
    of_other = {**USE_KEY, "Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}
    own_stack.deploy(resources(key_statement=of_other))
    _listen(own, own_stack, heard)
    put(own)
    wait_for_state(own, own_stack, "OK")

    assert _told(heard) == [("CloudWatch Alarm State Change", "OK")]


def test_new_alarm_waits_for_its_whole_range_when_there_is_no_data(
    own: LocalAws, own_stack: Stack, cloud: RunningCloud
) -> None:
    own_stack.deploy(resources())
    cloud.advance(1.5 * HOUR)
    wait_for_state(own, own_stack, "INSUFFICIENT_DATA")
    cloud.advance(HOUR)

    wait_for_state(own, own_stack, "ALARM")


def test_missing_data_is_unknown_when_the_clock_was_moved_by_more_than_a_day(
    own: LocalAws, own_stack: Stack, cloud: RunningCloud
) -> None:
    own_stack.deploy(resources())
    put(own)
    wait_for_state(own, own_stack, "OK")
    cloud.advance(30 * 24 * HOUR)
    put(own, "another")  # so that time passes in which the alarm is evaluated
    wait_for_state(own, own_stack, "OK")
    cloud.advance(2.1 * HOUR)

    wait_for_state(own, own_stack, "ALARM")
