"""What the policies of all keys have in common."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam

ROTATION_PERIOD = Duration.days(365)

_ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:CreateKey",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
]
"""What the account's IAM may delegate: everything but using the key, so that a mistaken policy can be repaired."""


def account_administration() -> iam.PolicyStatement:
    """Return the statement that lets the account administer a key, and not use it."""
    return iam.PolicyStatement(
        sid="AccountAdministration",
        principals=[iam.AccountRootPrincipal()],
        actions=_ADMINISTRATION,
        resources=["*"],  # in a key policy: this key
    )


def deployer_pattern(stack: Stack, region: str) -> str:
    """Return a pattern for the role, of the CDK's bootstrap, that CloudFormation makes resources of *region* with."""
    return f"arn:{stack.partition}:iam::{stack.account}:role/cdk-*-cfn-exec-role-{stack.account}-{region}"


def log_groups_encrypt(stack: Stack, name: str | None = None) -> iam.PolicyStatement:
    """Return the statement that lets CloudWatch Logs encrypt log groups with a key.

    Args:
        stack: Where they are.
        name: The only one's name; None is for all that have generated names in *stack*.
    """
    groups = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{name or f'{stack.stack_name}-*'}"
    return iam.PolicyStatement(
        sid="LogGroupsEncrypt",
        principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],  # in a key policy: this key
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )
