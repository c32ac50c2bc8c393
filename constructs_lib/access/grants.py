"""Give a role or user what the access matrix says it may do."""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from config.access import rules_of
from config.environment import Environment
from constructs_lib.accepted_findings import OWN_POLICY, accept, nag_text
from constructs_lib.access.key_statements import key_statements
from constructs_lib.access.secret_statements import secret_statements


def grant_declared(
    grantee: iam.IRole | iam.IUser, environment: Environment, duty: str, key_arns: Mapping[str, str]
) -> None:
    """Give *grantee* all that *duty* may do to secrets of *environment*, and the use of their keys.

    Args:
        grantee: The role, or the user.
        environment: Whose secrets they are.
        duty: Who the grantee is in the matrix.
        key_arns: ARNs of keys by domain, as far as they are known in the grantee's stack.
    """
    stack = Stack.of(grantee)
    reasons: dict[str, str] = {}
    for rule in rules_of(environment, duty):
        for statement in (
            *secret_statements(stack, environment, rule),
            *key_statements(stack, environment, rule, key_arns),
        ):
            grantee.add_to_principal_policy(statement)
            reasons |= {resource: _reason(resource) for resource in statement.resources}
    accept_wildcards(grantee, reasons)
    accept(grantee.node.find_child("DefaultPolicy"), {"IAMNoInlinePolicy": OWN_POLICY})


def accept_wildcards(grantee: iam.IRole | iam.IUser, reasons: Mapping[str, str]) -> None:
    """Accept, on the policy of *grantee*, those resources that are patterns with a ``*``.

    Args:
        grantee: The role, or the user.
        reasons: Resource to reason.
    """
    stack = Stack.of(grantee)
    partition, account = stack.partition, stack.account
    account_text = nag_text(account)
    findings = {}
    for resource, reason in reasons.items():
        if "*" in resource:
            # cdk-nag writes references in angle brackets.
            written = resource.replace(partition, "<AWS::Partition>").replace(account, account_text)
            findings[f"AwsSolutions-IAM5[Resource::{written}]"] = reason
    accept(grantee.node.find_child("DefaultPolicy"), findings)


def _reason(resource: str) -> str:
    if resource == "*":
        return "These calls know no resources; they return names, or values that each need a right of their own"
    if resource.endswith(":key/*"):
        return "A condition names the keys' aliases; where they are used, another names the secrets"
    if "/api/*/key" in resource:
        return "All API keys of the environment: a list of them does not fit into a policy"
    return "Everything of the environment, as the access matrix says"
