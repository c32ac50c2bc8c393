"""A role that people take on."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from config.people import TrustedPrincipal

SESSION = Duration.hours(1)


class PeopleRole(Construct):
    """A role that declared people may assume, for an hour at a time.

    Defines: the role, under a fixed path and name, which trusts those people and nobody else.
    Grants: nothing.
    Leaves to the caller: what it may do.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        role_name: str,
        role_path: str,
        description: str,
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
            description=description,
            max_session_duration=SESSION,
            assumed_by=iam.CompositePrincipal(*(each for each in principals if each is not None)),
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
