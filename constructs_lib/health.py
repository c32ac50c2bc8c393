"""The function that looks every hour at an environment's secrets, and at what has to tell of them."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from constructs_lib.logged_function import LoggedFunctionProps
from constructs_lib.monitoring_function import MonitoringFunction

DECLARED, ENDPOINTS = "declared.json", "endpoints.json"
"""Names of what configuration says, in the package's root: environment variables hold 4 KB."""


@dataclass(frozen=True, kw_only=True)
class HealthProps:
    """What is looked at.

    Attributes:
        function: What the function is.
        topic: The topic of alerts.
        trail_arn: The account's trail; None if the account had one already, which is others' to watch.
    """

    function: LoggedFunctionProps
    topic: sns.ITopic
    trail_arn: str | None


class Health(Construct):
    """An hourly look.

    Defines: the function, its role, its log group, and the rule that invokes it.
    Grants: to the role, findings to the default event bus, the topic's subscriptions, the state of the trail.
    Leaves to the caller: what the role may see of secrets, and an alarm when it does not run.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: HealthProps) -> None:
        super().__init__(scope, construct_id)
        made = MonitoringFunction(self, "Function", props=props.function)
        self.function: lambda_.IFunction = made.function
        self.role: iam.IRole = made.role
        self.log_group: logs.ILogGroup = made.log_group
        events.EventBus.from_event_bus_name(self, "Bus", "default").grant_put_events_to(made.role)
        iam.Grant.add_to_principal(
            grantee=made.role, actions=["sns:ListSubscriptionsByTopic"], resource_arns=[props.topic.topic_arn]
        )
        if props.trail_arn is not None:
            iam.Grant.add_to_principal(
                grantee=made.role, actions=["cloudtrail:GetTrailStatus"], resource_arns=[props.trail_arn]
            )
        events.Rule(
            self,
            "EveryHour",
            description="Look at the secrets, and at what has to tell of them",
            schedule=events.Schedule.rate(Duration.hours(1)),
            targets=[targets.LambdaFunction(made.function)],
        )
