"""ARNs of those whom the access matrix names, computed: a reference would tie keys and secrets to their lives."""

from collections.abc import Sequence

from aws_cdk import Stack

from alees_secrets import naming
from config.access import Duty
from config.environment import Environment


def principal_arn(stack: Stack, environment: Environment, duty: str) -> str:
    """Return the ARN, in the account of *stack*, of who has *duty* in *environment*: a role, or Dev's user."""
    sort = "user" if duty == Duty.DEVELOPER else "role"
    name = f"{naming.role_path(environment.slug)}{naming.role_name(environment.slug, duty)}"
    return f"arn:{stack.partition}:iam::{stack.account}:{sort}{name}"


def principal_arns(stack: Stack, environment: Environment, duties: Sequence[str]) -> list[str]:
    """Return the ARNs of several."""
    return [principal_arn(stack, environment, duty) for duty in duties]
