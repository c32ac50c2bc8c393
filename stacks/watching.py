"""What watches an environment, composed."""

from aws_cdk import aws_kms as kms

from stacks.alerting import add_alerting
from stacks.environment import EnvironmentStack


def add_watching(stack: EnvironmentStack, key: kms.IKey) -> None:
    """Add to an environment's stack of secrets what watches the environment.

    Args:
        stack: Where it goes.
        key: Encrypts alerts and logs.
    """
    add_alerting(stack, key)
