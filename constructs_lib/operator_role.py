"""The role of people on call: they start rotations and see how secrets are, and read no value."""

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from config.people import TrustedPrincipal
from constructs_lib.accepted_findings import OWN_POLICY, accept


class OperatorRole(Construct):
    """A role that declared people may assume.

    Defines: the role, under a fixed path and name, which trusts those people and nobody else.
    Grants: on request, describing secrets, starting their rotation, and what their functions do by hand.
    Leaves to the caller: nothing; no key and no resource policy names the role, since it reads no value.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        role_name: str,
        role_path: str,
        trusted: Sequence[TrustedPrincipal],
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        principals = [
            _trust(stack, [each for each in trusted if each.needs_mfa is mfa], mfa=mfa) for mfa in (True, False)
        ]
        self.role: iam.IRole = iam.Role(
            self,
            "Role",
            role_name=role_name,
            path=role_path,
            description="People on call: start rotations, read no value",
            assumed_by=iam.CompositePrincipal(*(each for each in principals if each is not None)),
        )

    def grant_operate(self, *, described: Sequence[str], rotated: Sequence[str], functions: Sequence[str]) -> iam.Grant:
        """Allow seeing how secrets are, rotating some as they are configured, and operations by hand in functions.

        Args:
            described: ARNs of all secrets.
            rotated: ARNs of those with a schedule.
            functions: ARNs of their functions, which do what is done by hand, and which who starts a rotation must be
                allowed to invoke (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html).
        """
        same_function_and_schedule = {  # another function would be handed the value
            "Null": {"secretsmanager:RotationLambdaARN": "true"},
            "BoolIfExists": {"secretsmanager:ModifyRotationRules": "false"},
        }
        grant = self._grant(["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"], described)
        grant = grant.combine(self._grant(["secretsmanager:RotateSecret"], rotated, same_function_and_schedule))
        grant = grant.combine(self._grant(["lambda:InvokeFunction"], functions))
        grant = grant.combine(self._grant(["secretsmanager:ListSecrets"], ["*"]))
        accept(
            self.role.node.find_child("DefaultPolicy"),
            {
                "IAMNoInlinePolicy": OWN_POLICY,
                "AwsSolutions-IAM5[Resource::*]": "ListSecrets knows no resources; it returns names, no values",
            },
        )
        return grant

    def _grant(
        self, actions: Sequence[str], arns: Sequence[str], conditions: Mapping[str, Mapping[str, str]] | None = None
    ) -> iam.Grant:
        return iam.Grant.add_to_principal(
            grantee=self.role, actions=list(actions), resource_arns=list(arns), conditions=conditions
        )


def _trust(stack: Stack, trusted: Sequence[TrustedPrincipal], *, mfa: bool) -> iam.PrincipalBase | None:
    """Trust principals of the account by ARN; a principal that does not exist (yet) would make IAM refuse the role."""
    if not trusted:
        return None
    conditions: dict[str, object] = {
        "ArnLike": {"aws:PrincipalArn": [each.arn(stack.partition, stack.account) for each in trusted]}
    }
    if mfa:
        conditions["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    return iam.AccountRootPrincipal().with_conditions(conditions)
