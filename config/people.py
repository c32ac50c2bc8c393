"""Who may take on the roles that people work with."""

from dataclasses import dataclass

from config.checks import check_pattern


@dataclass(frozen=True, kw_only=True, slots=True)
class IamUser:
    """An IAM user of the environment's account, who must have given a second factor.

    Attributes:
        name: The user's name.
    """

    name: str
    needs_mfa = True

    def check(self, field: str) -> None:
        """Refuse a wrong name; *field* is where this object stands, such as ``Prod.operators[0]``."""
        check_pattern(f"{field}.name", self.name, r"[A-Za-z0-9+=,.@_-]{1,64}", "the name of an IAM user")

    def arn(self, partition: str, account: str) -> str:
        """Return the ARN of the user, who has no path."""
        return f"arn:{partition}:iam::{account}:user/{self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityCenterRole:
    """Whoever IAM Identity Center assigns a permission set to; the second factor is asked for there.

    Attributes:
        permission_set: Name of the permission set.
    """

    permission_set: str
    needs_mfa = False

    def check(self, field: str) -> None:
        """Refuse a wrong name; *field* is where this object stands, such as ``Prod.operators[0]``."""
        check_pattern(
            f"{field}.permission_set", self.permission_set, r"[A-Za-z0-9+=,.@-]{1,32}", "the name of a permission set"
        )

    def arn(self, partition: str, account: str) -> str:
        """Return a pattern for the role that Identity Center makes; its name ends in a suffix of its own.

        https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
        """
        roles = f"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com"
        return f"{roles}/*AWSReservedSSO_{self.permission_set}_????????????????"


TrustedPrincipal = IamUser | IdentityCenterRole
