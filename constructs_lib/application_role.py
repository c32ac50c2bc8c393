"""The role that the ERP's servers run with."""

from aws_cdk import aws_iam as iam
from constructs import Construct


class ApplicationRole(Construct):
    """A role for EC2 instances.

    Defines: the role, under a fixed path and name, and its instance profile.
    Grants: nothing.
    Leaves to the caller: what it may do; keys and secrets whose policies name it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, role_name: str, role_path: str) -> None:
        super().__init__(scope, construct_id)
        self.role: iam.IRole = iam.Role(
            self,
            "Role",
            role_name=role_name,
            path=role_path,
            description="The Alees ERP on EC2: reads its secrets",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        )
        self.instance_profile: iam.IInstanceProfile = iam.InstanceProfile(
            self, "InstanceProfile", role=self.role, instance_profile_name=role_name, path=role_path
        )
