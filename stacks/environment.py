"""What every stack of an environment has in common: where it goes, what it is tagged with, what is kept."""

import aws_cdk
from aws_cdk import RemovalPolicy, Stack, Tags
from constructs import Construct

from config.environment import Environment
from constructs_lib.permissions_boundary import bound_by_boundary


class EnvironmentStack(Stack):
    """A stack of one environment.

    Args:
        scope: The app.
        name: Id and name of the stack.
        environment: Configuration.
        region: Where it goes.
        description: What it holds.

    Attributes:
        settings: Configuration.
        removal_policy: What happens to secrets, keys and buckets that leave the stack. Where they are kept, a first
            deployment that fails still takes them back, so that no fixed name is left behind.
    """

    def __init__(self, scope: Construct, name: str, *, environment: Environment, region: str, description: str) -> None:
        super().__init__(
            scope,
            name,
            env=aws_cdk.Environment(account=environment.account.id, region=region),
            description=description,
            termination_protection=environment.keep_data,
        )
        self.settings = environment
        self.removal_policy = (
            RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if environment.keep_data else RemovalPolicy.DESTROY
        )
        Tags.of(self).add("alees:environment", environment.slug)
        bound_by_boundary(self)
