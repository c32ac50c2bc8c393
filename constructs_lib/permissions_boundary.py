"""The most that a role or user of this application may ever do: functions and servers, people, workflows."""

from collections.abc import Mapping
from typing import TypeAlias

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.accepted_findings import accept, nag_text

BOUNDARY = "alees-boundary"
"""Functions and servers."""

PEOPLE_BOUNDARY = "alees-people-boundary"
"""People, and Dev's user."""

CI_BOUNDARY = "alees-ci-boundary"
"""Workflows that review and deploy."""

BOUNDARY_PATH = "/alees/"

_Allowed: TypeAlias = Mapping[str, tuple[tuple[str, str], list[str]]]

_RUNNING: _Allowed = {
    "Secrets": (
        ("secretsmanager", "secret:*"),
        [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:ListSecretVersionIds",
            "secretsmanager:PutSecretValue",
            "secretsmanager:TagResource",
            "secretsmanager:UpdateSecretVersionStage",
        ],
    ),
    # Both know no resources; a batch takes GetSecretValue on each of its secrets too.
    "AllSecrets": (("secretsmanager", ""), ["secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"]),
    "Keys": (("kms", "key/*"), ["kms:Decrypt", "kms:GenerateDataKey"]),
    "SendingKeys": (
        ("iam", "user/alees/*-smtp"),
        ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey"],
    ),
    "Mail": (("ses", "*"), ["ses:SendRawEmail"]),
    "ReloadDocuments": (("ssm", "document/AleesSecrets*"), ["ssm:SendCommand"]),
    "ReloadInstances": (("ec2", "instance/*"), ["ssm:SendCommand"]),
    "Events": (("events", "event-bus/default"), ["events:PutEvents"]),
    "Alerts": (("sns", "AleesSecrets*"), ["sns:Publish"]),
    "AlertCounts": (("dynamodb", "table/AleesSecrets*"), ["dynamodb:UpdateItem"]),
    "KeyNames": (("kms", ""), ["kms:ListAliases"]),
    "Subscriptions": (("sns", "AleesSecrets*"), ["sns:ListSubscriptionsByTopic"]),
    "Trail": (("cloudtrail", "trail/alees-secrets"), ["cloudtrail:GetTrailStatus"]),
    "Logs": (("logs", "log-group:*"), ["logs:CreateLogStream", "logs:PutLogEvents"]),
    # Lambda makes a function's network interfaces before it knows their ids.
    "NetworkInterfaces": (
        ("ec2", ""),
        [
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ],
    ),
}
"""Statement id to service, resource and actions."""

_PEOPLE: _Allowed = {
    "Secrets": (
        ("secretsmanager", "secret:*"),
        [
            "secretsmanager:CancelRotateSecret",
            "secretsmanager:CreateSecret",
            "secretsmanager:DeleteResourcePolicy",
            "secretsmanager:DeleteSecret",
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetResourcePolicy",
            "secretsmanager:GetSecretValue",
            "secretsmanager:ListSecretVersionIds",
            "secretsmanager:PutResourcePolicy",
            "secretsmanager:PutSecretValue",
            "secretsmanager:RemoveRegionsFromReplication",
            "secretsmanager:ReplicateSecretToRegions",
            "secretsmanager:RestoreSecret",
            "secretsmanager:RotateSecret",
            "secretsmanager:StopReplicationToReplica",
            "secretsmanager:TagResource",
            "secretsmanager:UntagResource",
            "secretsmanager:UpdateSecret",
            "secretsmanager:UpdateSecretVersionStage",
            "secretsmanager:ValidateResourcePolicy",
        ],
    ),
    "AllSecrets": (("secretsmanager", ""), ["secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"]),
    "Functions": (("lambda", "function:*"), ["lambda:InvokeFunction"]),
    "Keys": (
        ("kms", "key/*"),
        [
            "kms:CancelKeyDeletion",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:EnableKey",
            "kms:EnableKeyRotation",
            "kms:GenerateDataKey",
            "kms:GetKeyPolicy",
            "kms:PutKeyPolicy",
        ],
    ),
    "Alarms": (("cloudwatch", "alarm:*"), ["cloudwatch:DescribeAlarms"]),
    "Subscriptions": (("sns", "AleesSecrets*"), ["sns:ListSubscriptionsByTopic"]),
    # These know no resources.
    "Overview": (("cloudtrail", ""), ["cloudtrail:LookupEvents", "sns:ListTopics"]),
}

_CI: _Allowed = {
    "Templates": (
        ("cloudformation", "stack/AleesSecrets*/*"),
        ["cloudformation:DescribeStacks", "cloudformation:GetTemplate"],
    ),
    "Bootstrap": (("iam", "role/cdk-*"), ["sts:AssumeRole"]),
}

BOUNDARIES: Mapping[str, _Allowed] = {BOUNDARY: _RUNNING, PEOPLE_BOUNDARY: _PEOPLE, CI_BOUNDARY: _CI}


class PermissionsBoundary(Construct):
    """A managed policy that bounds roles and users: a mistaken or injected policy gives nothing more.

    Defines: the policy, under a fixed name that the roles' stacks compute.
    Grants: nothing; a boundary only takes away.
    Leaves to the caller: putting it on roles, with bound_by_boundary.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        partition, account = stack.partition, stack.account
        allowed = BOUNDARIES[name]
        self.policy: iam.IManagedPolicy = iam.ManagedPolicy(
            self,
            "Policy",
            managed_policy_name=name,
            path=BOUNDARY_PATH,
            description="The most that any role of Alees Secrets may do",
            statements=[
                iam.PolicyStatement(sid=sid, actions=actions, resources=[_anywhere(partition, account, *resource)])
                for sid, (resource, actions) in allowed.items()
            ],
        )
        in_findings = ("<AWS::Partition>", nag_text(account))
        written = (_anywhere(*in_findings, *resource) for resource, _ in allowed.values())
        accept(self.policy, {f"AwsSolutions-IAM5[Resource::{each}]": "A boundary grants nothing" for each in written})


def _anywhere(partition: str, account: str, service: str, resource: str) -> str:
    """Return an ARN pattern for resources of the account in any region; ``*`` where there are no ARNs yet."""
    region = "" if service == "iam" else "*"  # IAM is in none
    return f"arn:{partition}:{service}:{region}:{account}:{resource}" if resource else "*"


def bound_by_boundary(scope: Construct, name: str = BOUNDARY) -> None:
    """Put one of the account's boundaries on every role and user in *scope*; what is nearest to them decides."""
    stack = Stack.of(scope)
    arn = f"arn:{stack.partition}:iam::{stack.account}:policy{BOUNDARY_PATH}{name}"
    policy = iam.ManagedPolicy.from_managed_policy_arn(scope, "Boundary", arn)
    iam.PermissionsBoundary.of(scope).apply(policy)
