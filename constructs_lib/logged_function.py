"""A function with a role and a log group of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from config.environment import LOG_RETENTION_DAYS
from constructs_lib.accepted_findings import OWN_POLICY, accept
from constructs_lib.function_package import RUNTIME_VERSION

_RETENTION = dict(
    zip(LOG_RETENTION_DAYS, (days for days in logs.RetentionDays if days != logs.RetentionDays.INFINITE), strict=True)
)


@dataclass(frozen=True, kw_only=True)
class LoggedFunctionProps:
    """What a function is.

    Attributes:
        description: What it does.
        function_name: Fixed name, for one that people must find; None has CloudFormation make one.
        handler: Dotted path of the entry point in the package.
        package: Folder with the code.
        environment: The function's environment variables. Never values of secrets.
        role_name: Fixed name of its role; policies of secrets and keys name it.
        role_path: IAM path of the role.
        log_retention_days: One of the numbers that CloudWatch Logs accepts.
        log_key: Key that encrypts its log group; its policy must admit CloudWatch Logs.
        timeout_seconds: How long an invocation may take.
    """

    description: str
    function_name: str | None = None
    handler: str
    package: Path
    environment: Mapping[str, str]
    role_name: str
    role_path: str
    log_retention_days: int
    log_key: kms.IKey
    timeout_seconds: int = 60


class LoggedFunction(Construct):
    """A function (arm64) that logs JSON to a group of its own.

    Defines: the function, its role and its log group.
    Grants: to the role, writing its own logs.
    Leaves to the caller: who may invoke it, its network, and everything that it works with.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: LoggedFunctionProps) -> None:
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
        accept(self.role.node.find_child("DefaultPolicy"), {"IAMNoInlinePolicy": OWN_POLICY})
        self.function: lambda_.IFunction = lambda_.Function(
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
            timeout=Duration.seconds(props.timeout_seconds),
        )
