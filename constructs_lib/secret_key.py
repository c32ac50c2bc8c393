"""The KMS key that encrypts one domain's secrets."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

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


class SecretKey(Construct):
    """A customer managed key that works through Secrets Manager only, for named roles and secrets only.

    Defines: the key, rotated every 365 days, and its alias.
    Grants: use by CloudFormation's execution role of the CDK's bootstrap, which creates the secrets. The key policy
        delegates to IAM: each role's own policy must allow the use as well.
    Leaves to the caller: those policies.

    Args:
        scope: Parent.
        construct_id: Literal id.
        alias: Alias with ``alias/``.
        secret_arns: ARN patterns of the secrets; computed, since a reference to a secret that uses the key is a cycle.
        role_arns: ARNs of the roles that read or write them.
        removal_policy: What happens to the key when it leaves the stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        secret_arns: Sequence[str],
        role_arns: Sequence[str],
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        deployer = f"arn:{stack.partition}:iam::{stack.account}:role/cdk-*-cfn-exec-role-{stack.account}-{stack.region}"
        self._via_secrets_manager: dict[str, dict[str, object]] = {
            "StringEquals": {
                "kms:CallerAccount": stack.account,
                "kms:ViaService": f"secretsmanager.{stack.region}.amazonaws.com",
            },
            "StringLike": {"kms:EncryptionContext:SecretARN": list(secret_arns)},
        }
        document = iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(
                    sid="AccountAdministration",
                    principals=[iam.AccountRootPrincipal()],
                    actions=_ADMINISTRATION,
                    resources=["*"],  # in a key policy: this key
                ),
                iam.PolicyStatement(
                    sid="UseThroughSecretsManager",
                    principals=[iam.AccountRootPrincipal()],
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=["*"],  # in a key policy: this key
                    conditions={
                        **self._via_secrets_manager,
                        "ArnLike": {"aws:PrincipalArn": [*role_arns, deployer]},
                    },
                ),
            ]
        )
        self._key = kms.Key(
            self,
            "Key",
            alias=alias,
            description=f"Encrypts the secrets behind {alias}",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=document,
            removal_policy=removal_policy,
        )
        # The secret gets an imported key: with the key itself, the CDK adds account-wide statements to the policy.
        self.key: kms.IKey = kms.Key.from_key_arn(self, "Imported", self._key.key_arn)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow *grantee* to read the secrets that the key encrypts."""
        return self._grant(grantee, ["kms:Decrypt"])

    def grant_read_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow *grantee* to read and write the secrets that the key encrypts."""
        return self._grant(grantee, ["kms:Decrypt", "kms:GenerateDataKey"])

    def _grant(self, grantee: iam.IGrantable, actions: list[str]) -> iam.Grant:
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=actions,
            resource_arns=[self._key.key_arn],
            conditions=self._via_secrets_manager,
        )
