"""The hourly look at an environment's secrets."""

import json

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from alees_secrets import naming
from config.access import Duty
from config.declaration import declaration
from constructs_lib.access.grants import grant_declared
from constructs_lib.audit_trail import TRAIL_NAME
from constructs_lib.function_package import function_package
from constructs_lib.health import DECLARED, ENDPOINTS, Health, HealthProps
from constructs_lib.logged_function import LoggedFunctionProps
from stacks.environment import EnvironmentStack


def add_health(stack: EnvironmentStack, key: kms.IKey, topic: sns.ITopic) -> Health:
    """Add the function that looks every hour.

    Args:
        stack: Where it goes.
        key: Encrypts its log group.
        topic: Of alerts.
    """
    settings = stack.settings
    endpoints = [each.endpoint for each in settings.alert_subscriptions]
    files = {DECLARED: declaration(settings).to_json(), ENDPOINTS: json.dumps(endpoints)}
    variables = {"TOPIC_ARN": topic.topic_arn}
    if settings.account.existing_trail_log_group is None:
        home = settings.account.home_region
        variables["TRAIL_ARN"] = f"arn:{stack.partition}:cloudtrail:{home}:{stack.account}:trail/{TRAIL_NAME}"
    health = Health(
        stack,
        "Health",
        props=HealthProps(
            function=LoggedFunctionProps(
                description=f"Looks every hour at the secrets of {settings.name}",
                handler="monitoring_handlers.health.handler.handler",
                package=function_package("monitoring_handlers/health", platform=settings.code_platform, files=files),
                environment=variables,
                role_name=naming.role_name(settings.slug, Duty.HEALTH),
                role_path=naming.role_path(settings.slug),
                log_retention_days=settings.log_retention_days,
                log_key=key,
                timeout_seconds=300,
            ),
            topic=topic,
            trail_arn=variables.get("TRAIL_ARN"),
        ),
    )
    grant_declared(health.role, settings, Duty.HEALTH, {})
    return health
