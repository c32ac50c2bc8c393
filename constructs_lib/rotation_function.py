"""A function that rotates, with the network and the permission that it needs."""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IDependable

from config.network import Network
from constructs_lib.accepted_findings import accept
from constructs_lib.logged_function import LoggedFunction, LoggedFunctionProps


@dataclass(frozen=True, kw_only=True)
class RotationFunctionProps(LoggedFunctionProps):
    """What a rotation function is.

    Attributes:
        network: Where it runs; None outside any VPC.
        outside_because: Why it runs outside any VPC when it does.
    """

    network: Network | None
    outside_because: str


class RotationFunction(LoggedFunction):
    """A function that Secrets Manager may invoke for this account's secrets.

    Defines: the function (arm64), its role, its log group, and Secrets Manager's permission to invoke it.
    Grants: to the role, writing its own logs and, in a VPC, handling network interfaces.
    Leaves to the caller: everything about secrets and keys.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: RotationFunctionProps) -> None:
        super().__init__(scope, construct_id, props=props)
        if props.network is not None:
            self._place(props.network)
        else:
            accept(
                self.function,
                {"LambdaInsideVPC": props.outside_because},
            )
        permission = lambda_.CfnPermission(
            self,
            "Permission",
            action="lambda:InvokeFunction",
            function_name=self.function.function_arn,
            principal="secretsmanager.amazonaws.com",
            source_account=Stack.of(self).account,
        )
        self.ready: tuple[IDependable, ...] = (permission, self.role)
        """What a rotation must wait for: the permission, and the role with all its policies."""
        accept(
            self.function,
            {
                "LambdaDLQ": "Secrets Manager tries a failed step again, then sends RotationFailed, which alerts",
                "LambdaConcurrency": "A secret has one rotation at a time; reservations fail in new accounts, "
                "whose limit is 10",
            },
        )

    def _place(self, network: Network) -> None:
        """Run the function in existing subnets; the CDK's own way would look the VPC up in the account."""
        resource = self.function.node.default_child
        assert isinstance(resource, lambda_.CfnFunction)  # noqa: S101 - tells the type checker what the CDK makes
        resource.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(network.subnet_ids), security_group_ids=[network.security_group_id]
        )
        iam.Grant.add_to_principal(
            grantee=self.role,
            actions=[
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:UnassignPrivateIpAddresses",
            ],
            resource_arns=["*"],  # Lambda makes the interfaces before it knows their ids
        )
        accept(
            self.role.node.find_child("DefaultPolicy"),
            {"AwsSolutions-IAM5[Resource::*]": "Lambda makes the network interfaces before it knows their ids"},
        )
