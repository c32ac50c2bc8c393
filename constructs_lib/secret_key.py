"""The KMS key that encrypts one domain's secrets."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from constructs_lib.access.key_statements import via_secrets_manager
from constructs_lib.key_policy import ROTATION_PERIOD, account_administration, deployer_pattern


class SecretKey(Construct):
    """A customer managed key that works through Secrets Manager only, for named roles and secrets only.

    Defines: the key, rotated every 365 days, and its alias.
    Grants: use by CloudFormation's execution role of the CDK's bootstrap, which creates the secrets. The key policy
        delegates to IAM: each role's own policy must allow the use as well.
    Leaves to the caller: those policies, which constructs_lib/access derives.

    Args:
        scope: Parent.
        construct_id: Literal id.
        alias: Alias with ``alias/``.
        names: Whole names of the secrets; a reference to a secret that uses the key is a cycle.
        role_arns: ARNs of those who read or write them.
        removal_policy: What happens to the key when it leaves the stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        names: tuple[str, ...],
        role_arns: Sequence[str],
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(
            self,
            "Key",
            alias=alias,
            description=f"Encrypts the secrets behind {alias}",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=self._policy(names, role_arns),
            removal_policy=removal_policy,
        )
        # The secret gets an imported key: with the key itself, the CDK adds account-wide statements to the policy.
        self.key: kms.IKey = kms.Key.from_key_arn(self, "Imported", key.key_arn)

    def _policy(self, names: tuple[str, ...], role_arns: Sequence[str]) -> iam.PolicyDocument:
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
                        **via_secrets_manager(stack, names),
                        "ArnLike": {"aws:PrincipalArn": [*role_arns, deployer_pattern(stack, stack.region)]},
                    },
                ),
            ]
        )
