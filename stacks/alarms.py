"""The alarms on what watches an environment."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns

from constructs_lib.alarms import Alarms
from constructs_lib.environment_metric import environment_metric
from stacks.environment import EnvironmentStack


@dataclass(frozen=True, kw_only=True)
class Watchers:
    """What watches an environment, and so has to be watched.

    Attributes:
        topic: Of alerts.
        alerting: The function that tells.
        access_watch: The function that reads the trail's log.
        trail_log_group: Name of the trail's log group, in the environment's own region.
    """

    topic: sns.ITopic
    alerting: lambda_.IFunction
    access_watch: lambda_.IFunction
    trail_log_group: str


def add_alarms(stack: EnvironmentStack, watchers: Watchers) -> None:
    """Add the alarms.

    health's own calls are in the trail each hour, so that neither the trail nor access_watch ever rests for long,
    whatever the applications do.
    """
    alarms = Alarms(stack, "Alarms", topic=watchers.topic)
    alarms.when_silent(
        "health-silent",
        "The function that looks at the secrets every hour has not finished a look for three hours",
        environment_metric(stack.settings.slug, "HealthRuns"),
        hours=3,
    )
    alarms.when_silent(
        "watch-silent",
        "The function that reads the trail's log has seen nothing for three hours",
        environment_metric(stack.settings.slug, "WatchedRecords"),
        hours=3,
    )
    alarms.when_any(
        "watch-failing",
        "The function that reads the trail's log fails, so that some accesses are not judged",
        watchers.access_watch.metric_errors(),
    )
    alarms.when_silent(
        "trail-silent",
        "No event has reached the trail's log group for two hours",
        aws_metric("AWS/Logs", "IncomingLogEvents", LogGroupName=watchers.trail_log_group),
        hours=2,
    )
    alarms.when_silent(
        "alerting-silent",
        "The function that tells of everything has not been reached for three hours",
        watchers.alerting.metric_invocations(),
        hours=3,
    )
    alarms.when_any(
        "alerting-failing",
        "The function that tells of everything fails, so that alerts may be lost",
        watchers.alerting.metric_errors(),
    )
    alarms.when_any(
        "delivery-failing",
        "An alert was published and did not reach a subscriber",
        aws_metric("AWS/SNS", "NumberOfNotificationsFailed", TopicName=watchers.topic.topic_name),
    )


def aws_metric(namespace: str, name: str, **dimensions: str) -> cloudwatch.Metric:
    """Return a metric of an AWS service."""
    return cloudwatch.Metric(namespace=namespace, metric_name=name, dimensions_map=dimensions, statistic="Sum")
