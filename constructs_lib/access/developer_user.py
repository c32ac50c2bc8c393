"""Dev's IAM user, whose access keys stand in developers' environment variables."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.accepted_findings import accept

_ONE_USER = "One user for one purpose: a group could take in others"


class DeveloperUser(Construct):
    """An IAM user.

    Defines: the user, under a fixed path and name.
    Grants: nothing.
    Leaves to the caller: what it may do; the access keys, which CloudFormation would show.
    """

    def __init__(self, scope: Construct, construct_id: str, *, user_name: str, path: str) -> None:
        super().__init__(scope, construct_id)
        self.user: iam.IUser = iam.User(self, "User", user_name=user_name, path=path)
        accept(self.user, {"IAMUserGroupMembership": _ONE_USER})

    def accept_own_policy(self) -> None:
        """Record why the user has a policy of its own, once it has one."""
        accept(self.user.node.find_child("DefaultPolicy"), {"IAMUserNoPolicies": _ONE_USER})
