"""The KMS key that encrypts one domain's secrets."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from constructs_lib.accepted_findings import accept, nag_text
from constructs_lib.key_policy import ROTATION_PERIOD, account_administration, deployer_pattern


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
        self._via_secrets_manager = _via_secrets_manager(Stack.of(self), secret_arns)
        self._key = kms.Key(
            self,
            "Key",
            alias=alias,
            description=f"Encrypts the secrets behind {alias}",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=self._policy(role_arns),
            removal_policy=removal_policy,
        )
        # The secret gets an imported key: with the key itself, the CDK adds account-wide statements to the policy.
        self.key: kms.IKey = kms.Key.from_key_arn(self, "Imported", self._key.key_arn)

    def _policy(self, role_arns: Sequence[str]) -> iam.PolicyDocument:
        stack = Stack.of(self)
        return iam.PolicyDocument(
            statements=[
                account_administration(),
                iam.PolicyStatement(
                    sid="UseThroughSecretsManager",
                    principals=[iam.AccountRootPrincipal()],
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=["*"],  # in a key policy: this key
                    conditions={
                        **self._via_secrets_manager,
                        "ArnLike": {"aws:PrincipalArn": [*role_arns, deployer_pattern(stack, stack.region)]},
                    },
                ),
            ]
        )

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


def grant_read_by_alias(
    role: iam.IRole, stack: Stack, *, aliases: Sequence[str], secret_arns: Sequence[str]
) -> iam.Grant:
    """Allow *role* to read secrets that keys of another stack encrypt, which are known by their aliases alone.

    https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    grant = iam.Grant.add_to_principal(
        grantee=role,
        actions=["kms:Decrypt"],
        resource_arns=[f"arn:{stack.partition}:kms:{stack.region}:{stack.account}:key/*"],  # narrowed by alias
        conditions={
            **_via_secrets_manager(stack, secret_arns),
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": list(aliases)},
        },
    )
    keys = f"arn:<AWS::Partition>:kms:{stack.region}:{nag_text(stack.account)}:key/*"
    accept(
        role.node.find_child("DefaultPolicy"),
        {f"AwsSolutions-IAM5[Resource::{keys}]": "A condition names the keys' aliases, another the secrets"},
    )
    return grant


def _via_secrets_manager(stack: Stack, secret_arns: Sequence[str]) -> dict[str, dict[str, object]]:
    return {
        "StringEquals": {
            "kms:CallerAccount": stack.account,
            "kms:ViaService": f"secretsmanager.{stack.region}.amazonaws.com",
        },
        "StringLike": {"kms:EncryptionContext:SecretARN": list(secret_arns)},
    }
