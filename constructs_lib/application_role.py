"""The role that the ERP's servers run with."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.accepted_findings import OWN_POLICY, accept


class ApplicationRole(Construct):
    """A role for EC2 instances that reads declared secrets.

    Defines: the role, under a fixed path and name, and its instance profile.
    Grants: on request, reading and describing secrets.
    Leaves to the caller: keys, and resource policies that name the role.
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

    def grant_read(self, secret_arns: Sequence[str]) -> iam.Grant:
        """Allow reading the AWSCURRENT and AWSPREVIOUS values of secrets, and describing them.

        A request may name one of the two stages or none, which means AWSCURRENT, and no version id: with the stage
        alone in the condition, a request by id would be let through, since it carries no stage
        (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html).

        Reading several together is an action of its own, which cannot be scoped to secrets; each secret in it still
        takes the permission to read that one, and only AWSCURRENT is served
        (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html).
        """
        described = iam.Grant.add_to_principal(
            grantee=self.role, actions=["secretsmanager:DescribeSecret"], resource_arns=list(secret_arns)
        )
        together = iam.Grant.add_to_principal(
            grantee=self.role, actions=["secretsmanager:BatchGetSecretValue"], resource_arns=["*"]
        )
        accept(
            self.role.node.find_child("DefaultPolicy"),
            {
                "IAMNoInlinePolicy": OWN_POLICY,
                "AwsSolutions-IAM5[Resource::*]": "BatchGetSecretValue knows no resources; each read in it is scoped",
            },
        )
        return (
            iam.Grant.add_to_principal(
                grantee=self.role,
                actions=["secretsmanager:GetSecretValue"],
                resource_arns=list(secret_arns),
                conditions={
                    "StringEqualsIfExists": {"secretsmanager:VersionStage": ["AWSCURRENT", "AWSPREVIOUS"]},
                    "Null": {"secretsmanager:VersionId": "true"},
                },
            )
            .combine(described)
            .combine(together)
        )
