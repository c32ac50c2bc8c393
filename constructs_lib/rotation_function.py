"""A rotation function with the role, log group and permission that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IDependable

from config.environment import LOG_RETENTION_DAYS
from config.network import Network
from constructs_lib.accepted_findings import OWN_POLICY, accept
from constructs_lib.function_package import RUNTIME_VERSION

TIMEOUT = Duration.seconds(60)

_RETENTION = dict(
    zip(LOG_RETENTION_DAYS, (days for days in logs.RetentionDays if days != logs.RetentionDays.INFINITE), strict=True)
)


@dataclass(frozen=True, kw_only=True)
class RotationFunctionProps:
    """What a rotation function is.

    Attributes:
        description: What it rotates.
        function_name: Fixed name, for one that people must find; None has CloudFormation make one.
        handler: Dotted path of the entry point in the package.
        package: Folder with the code.
        environment: The function's environment variables. Never values of secrets.
        role_name: Fixed name of its role; policies of secrets and keys name it.
        role_path: IAM path of the role.
        network: Where it runs; None outside any VPC.
        outside_because: Why it runs outside any VPC when it does.
        log_retention_days: One of the numbers that CloudWatch Logs accepts.
        log_key: Key that encrypts its log group; its policy must admit CloudWatch Logs.
    """

    description: str
    function_name: str | None
    handler: str
    package: Path
    environment: Mapping[str, str]
    role_name: str
    role_path: str
    network: Network | None
    outside_because: str
    log_retention_days: int
    log_key: kms.IKey


class RotationFunction(Construct):
    """A function that Secrets Manager may invoke for this account's secrets.

    Defines: the function (arm64), its role, its log group, and Secrets Manager's permission to invoke it.
    Grants: to the role, writing its own logs and, in a VPC, handling network interfaces.
    Leaves to the caller: everything about secrets and keys.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: RotationFunctionProps) -> None:
        super().__init__(scope, construct_id)
        self.log_group: logs.ILogGroup = logs.LogGroup(
            self,
            "Log",
            retention=_RETENTION[props.log_retention_days],
            encryption_key=props.log_key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role: iam.IRole = iam.Role(
            self,
            "Role",
            role_name=props.role_name,
            path=props.role_path,
            description=props.description,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        self.log_group.grant_write(self.role)
        self.function: lambda_.IFunction = self._function(props)
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
        self._accept_findings()

    def _function(self, props: RotationFunctionProps) -> lambda_.Function:
        return lambda_.Function(
            self,
            "Function",
            description=props.description,
            function_name=props.function_name,
            runtime=lambda_.Runtime(f"python{RUNTIME_VERSION}", lambda_.RuntimeFamily.PYTHON),
            architecture=lambda_.Architecture.ARM_64,
            handler=props.handler,
            code=lambda_.Code.from_asset(str(props.package)),
            environment=dict(props.environment),
            role=self.role,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            memory_size=512,
            timeout=TIMEOUT,
        )

    def _accept_findings(self) -> None:
        accept(
            self.function,
            {
                "LambdaDLQ": "Secrets Manager tries a failed step again, then sends RotationFailed, which alerts",
                "LambdaConcurrency": "A secret has one rotation at a time; reservations fail in new accounts, "
                "whose limit is 10",
            },
        )
        accept(self.role.node.find_child("DefaultPolicy"), {"IAMNoInlinePolicy": OWN_POLICY})

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
