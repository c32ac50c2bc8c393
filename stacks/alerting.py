"""What tells people: the alerting function with its topic, table and rules."""

from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns

from alees_secrets import naming
from constructs_lib.accepted_findings import OWN_POLICY, accept
from constructs_lib.alert_patterns import Hearing
from constructs_lib.alerts import Alerts
from constructs_lib.audit_trail import TRAIL_NAME
from constructs_lib.function_package import function_package
from constructs_lib.logged_function import LoggedFunctionProps
from constructs_lib.monitoring_function import MonitoringFunction
from stacks.environment import EnvironmentStack

DUTY = "alerting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alerting:
    """What others of the watching need of it.

    Attributes:
        topic: Where alerts are published.
        function: Publishes them; an alarm must tell when it fails, on the topic itself.
    """

    topic: sns.ITopic
    function: lambda_.IFunction


def add_alerting(stack: EnvironmentStack, key: kms.IKey) -> Alerting:
    """Add what tells people.

    Args:
        stack: The environment's stack of secrets.
        key: Encrypts alerts and logs.
    """
    settings = stack.settings
    alerts = Alerts(stack, "Alerts", key=key, subscribed=settings.alert_subscriptions)
    existing = settings.account.existing_trail_log_group
    watcher = MonitoringFunction(
        stack,
        "Alerting",
        props=LoggedFunctionProps(
            description=f"Tells people what happened to the secrets in {settings.name}",
            handler="monitoring_handlers.alerting.handler.handler",
            package=function_package("monitoring_handlers/alerting", platform=settings.code_platform),
            environment={
                "ENVIRONMENT": settings.slug,
                "STACK": stack.stack_name,
                "ACCOUNT": stack.account,
                "TRAIL": TRAIL_NAME if existing is None else "",
                "TRAIL_LOG_GROUP": settings.account.trail_log_group,
                "TOPIC_ARN": alerts.topic.topic_arn,
                "TABLE": alerts.table.table_name,
            },
            role_name=naming.role_name(settings.slug, DUTY),
            role_path=naming.role_path(settings.slug),
            log_retention_days=settings.log_retention_days,
            log_key=key,
        ),
    )
    alerts.grant_count(watcher.role)
    iam.Grant.add_to_principal(grantee=watcher.role, actions=["kms:ListAliases"], resource_arns=["*"])
    accept(
        watcher.role.node.find_child("DefaultPolicy"),
        {
            "IAMNoInlinePolicy": OWN_POLICY,
            "AwsSolutions-IAM5[Resource::*]": "ListAliases knows no resources; it returns names of keys",
        },
    )
    hearing = Hearing(environment=settings.slug, name_prefix=naming.prefix(settings.slug), stack=stack)
    alerts.publish_by(watcher.function, hearing.patterns())
    return Alerting(topic=alerts.topic, function=watcher.function)
