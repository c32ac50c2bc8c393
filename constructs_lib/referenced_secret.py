"""A secret that exists already and is not ours: the database's admin secret."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct


class ReferencedSecret(Construct):
    """A secret known by its name.

    Defines: nothing.
    Grants: on request, reading it.
    Leaves to the caller: making it.

    Args:
        scope: Parent.
        construct_id: Literal id.
        name: Name of the secret, in this stack's region and account.
        key_arn: The customer managed key that encrypts it; None if it is the account's ``aws/secretsmanager`` key,
            which admits every reader of the secret.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, key_arn: str | None) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        self._arn = f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret:{name}-??????"
        self._via = f"secretsmanager.{stack.region}.amazonaws.com"
        self._key_arn = key_arn

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow *grantee* to read this secret and no other."""
        grant = iam.Grant.add_to_principal(
            grantee=grantee, actions=["secretsmanager:GetSecretValue"], resource_arns=[self._arn]
        )
        if self._key_arn is None:
            return grant
        return grant.combine(
            iam.Grant.add_to_principal(
                grantee=grantee,
                actions=["kms:Decrypt"],
                resource_arns=[self._key_arn],
                conditions={
                    "StringEquals": {"kms:ViaService": self._via},
                    "StringLike": {"kms:EncryptionContext:SecretARN": self._arn},
                },
            )
        )
