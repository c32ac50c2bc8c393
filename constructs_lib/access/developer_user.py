"""Dev's IAM user, whose access keys stand in developers' environment variables."""

from aws_cdk import aws_iam as iam
from constructs import Construct


class DeveloperUser(Construct):
    """An IAM user, and the group that holds its rights.

    Defines: the user, under a fixed path and name, and a group with nobody else in it.
    Grants: nothing.
    Leaves to the caller: what the group may do; the access keys, which CloudFormation would show.
    """

    def __init__(self, scope: Construct, construct_id: str, *, user_name: str, path: str) -> None:
        super().__init__(scope, construct_id)
        self.group: iam.IGroup = iam.Group(self, "Group", group_name=user_name, path=path)
        iam.User(self, "User", user_name=user_name, path=path, groups=[self.group])
