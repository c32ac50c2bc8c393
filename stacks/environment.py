"""Where the CDK deploys an environment's stacks."""

import aws_cdk

from config.environment import Environment


def stack_environment(environment: Environment) -> aws_cdk.Environment:
    """Return account and region; without an account, the one of the credentials at deploy time."""
    return aws_cdk.Environment(account=environment.account, region=environment.region)
