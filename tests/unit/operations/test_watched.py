"""What the command line sees of an environment's watching, in moto."""

from typing import Literal

import pytest
from botocore.stub import Stubber

from operations.target import Target
from operations.watched import look_at_watching


def _alarm(target: Target, name: str, state: Literal["ALARM", "OK"]) -> None:
    target.alarms.put_metric_alarm(
        AlarmName=name,
        AlarmDescription="health-silent: nobody looked",
        MetricName="HealthRuns",
        Namespace="AleesSecrets",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="LessThanThreshold",
    )
    target.alarms.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")


def test_alarms_of_the_environment_alone_are_seen(target: Target) -> None:
    _alarm(target, "AleesSecretsDev-Health", "ALARM")
    _alarm(target, "AleesSecretsDev-Watch", "OK")
    _alarm(target, "AleesSecretsDevil-Health", "ALARM")

    seen = look_at_watching(target)

    assert (seen.alarms, [(each.name, each.alert) for each in seen.raised]) == (
        2,
        [("AleesSecretsDev-Health", "health-silent")],
    )


def test_the_subscribers_of_the_alerts_are_counted(target: Target) -> None:
    target.topics.create_topic(Name="alees-dev-secret-updates")
    topic = target.topics.create_topic(Name="AleesSecretsDev-AlertsTopic1A2B3C4D")["TopicArn"]
    target.topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:queue")

    seen = look_at_watching(target)

    assert (seen.subscribers, seen.pending, seen.unseen) == (1, (), ())


@pytest.mark.parametrize("arn", ["PendingConfirmation", "pending confirmation", "Deleted"])
def test_a_subscription_that_is_not_confirmed_is_pending(target: Target, arn: str) -> None:
    topic = target.topics.create_topic(Name="AleesSecretsDev-AlertsTopic1A2B3C4D")["TopicArn"]
    subscription = {"SubscriptionArn": arn, "Protocol": "email", "Endpoint": "ops@alees.example", "TopicArn": topic}
    with Stubber(target.topics) as topics:
        topics.add_response("list_topics", {"Topics": [{"TopicArn": topic}]})
        topics.add_response("list_subscriptions_by_topic", {"Subscriptions": [subscription]})
        seen = look_at_watching(target)

    assert (seen.subscribers, seen.pending) == (0, ("ops@alees.example",))


def test_nobody_is_told_when_there_is_no_topic(target: Target) -> None:
    assert look_at_watching(target).subscribers == 0


def test_what_may_not_be_seen_is_said(target: Target) -> None:
    with Stubber(target.alarms) as alarms, Stubber(target.topics) as topics:
        alarms.add_client_error("describe_alarms", "AccessDenied")
        topics.add_client_error("list_topics", "AccessDenied")
        seen = look_at_watching(target)

    assert (seen.alarms, seen.subscribers) == (None, None)
    assert seen.unseen == (
        "alarms: DescribeAlarms answered AccessDenied",
        "subscriptions: ListTopics answered AccessDenied",
    )
