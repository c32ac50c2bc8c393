"""What watches an environment, composed."""

from aws_cdk import aws_kms as kms

from alees_secrets import naming
from constructs_lib.alerts import Alerts
from stacks.environment import EnvironmentStack


def add_watching(stack: EnvironmentStack, key: kms.IKey) -> None:
    """Add to an environment's stack of secrets what watches the environment.

    Args:
        stack: Where it goes.
        key: Encrypts alerts and logs.
    """
    alerts = Alerts(stack, "Alerts", key=key)
    prefix = naming.prefix(stack.settings.slug)
    place = f"{stack.region}:{stack.account}"
    alerts.on_failed_rotation(f"arn:{stack.partition}:secretsmanager:{place}:secret:{prefix}")
    functions = f"arn:{stack.partition}:lambda:{place}:function:{stack.stack_name}"
    alerts.on_failed_canary(f"{functions}-", f"{functions}Api")
