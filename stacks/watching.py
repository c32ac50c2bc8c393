"""What watches an environment, composed."""

from aws_cdk import aws_kms as kms

from stacks.access_watch import add_access_watch
from stacks.alerting import add_alerting
from stacks.environment import EnvironmentStack
from stacks.health import add_health


def add_watching(stack: EnvironmentStack, key: kms.IKey) -> None:
    """Add to an environment's stack of secrets what watches the environment.

    Args:
        stack: Where it goes.
        key: Encrypts alerts and logs.
    """
    alerting = add_alerting(stack, key)
    add_health(stack, key, alerting.topic)
    add_access_watch(stack, key)
