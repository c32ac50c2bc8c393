"""Alarms that watch what watches: it fails, or has fallen silent."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct


class Alarms(Construct):
    """Alarms whose description begins with the id of an alert, as the function that tells of them needs it.

    They go to the topic directly too, and those on silence also when all is well again: the way through that function
    may be what is broken.

    Defines: on request, alarms.
    Grants: CloudWatch to publish to the topic, for alarms of this account and region.
    Leaves to the caller: the key's policy, which must admit CloudWatch; a text and a section of the runbook for each
        id.

    Args:
        scope: Parent.
        construct_id: Literal id.
        topic: Where they go; its policy is ours.
    """

    def __init__(self, scope: Construct, construct_id: str, *, topic: sns.ITopic) -> None:
        super().__init__(scope, construct_id)
        self._topic, stack = topic, Stack.of(self)
        alarms = f"arn:{stack.partition}:cloudwatch:{stack.region}:{stack.account}:alarm:*"
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsPublishDirectly",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": alarms},
                },
            )
        )

    def when_silent(self, alert: str, saying: str, metric: cloudwatch.Metric, *, hours: int) -> None:
        """Alarm when a metric that never rests has had no data, or has been zero, for some hours.

        Args:
            alert: Id of the alert.
            saying: What is the matter then.
            metric: Its sum is above zero in each hour while all is well.
            hours: How many in a row.
        """
        alarm = metric.with_(period=Duration.hours(1), statistic="Sum").create_alarm(
            self,
            _id(alert),
            alarm_description=f"{alert}: {saying}",
            evaluation_periods=hours,
            threshold=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._topic))
        alarm.add_ok_action(actions.SnsAction(self._topic))

    def when_any(self, alert: str, saying: str, metric: cloudwatch.Metric) -> None:
        """Alarm when a count of failures is above zero in five minutes; that none came after it is not told.

        To tell it would make a broken subscriber fail again, and so ring without end.

        Args:
            alert: Id of the alert.
            saying: What is the matter then.
            metric: What fails. Without data, nothing did.
        """
        metric.with_(period=Duration.minutes(5), statistic="Sum").create_alarm(
            self,
            _id(alert),
            alarm_description=f"{alert}: {saying}",
            evaluation_periods=1,
            threshold=0,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        ).add_alarm_action(actions.SnsAction(self._topic))


def _id(alert: str) -> str:
    return "".join(word.capitalize() for word in alert.split("-"))
