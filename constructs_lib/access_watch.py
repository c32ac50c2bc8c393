"""The function that hears of every call about secrets, and where it remembers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.accepted_findings import accept
from constructs_lib.logged_function import LoggedFunctionProps
from constructs_lib.monitoring_function import MonitoringFunction

PATTERN = (
    '{ ($.eventSource = "secretsmanager.amazonaws.com")'
    ' || (($.eventSource = "kms.amazonaws.com")'
    ' && (($.errorCode = "AccessDenied*") || ($.readOnly IS FALSE)))'
    ' || (($.eventSource = "sts.amazonaws.com") && ($.requestParameters.roleArn = "*-break-glass"))'
    ' || (($.eventSource = "iam.amazonaws.com") && ($.readOnly IS FALSE)) }'
)
"""What is sent of the trail's records: calls about secrets; refused uses, and changes, of keys; break-glass; changes of
IAM. All else of the account stays in the log group, where looking at it costs nothing.

Names do not narrow it further: a caller may have typed an ARN, and a refusal may have the name in its message alone.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""


@dataclass(frozen=True, kw_only=True)
class AccessWatchProps:
    """What is watched, and with what.

    Attributes:
        description: What the function does.
        package: Folder with the code, the matrix in it.
        environment: The function's environment variables, but for the table's name.
        role_name: Fixed name of its role.
        role_path: IAM path of the role.
        trail_log_group: Name of the log group, in the stack's region, of a trail of the stack's account.
        log_retention_days: One of the numbers that CloudWatch Logs accepts.
        log_key: Key that encrypts its log group.
    """

    description: str
    package: Path
    environment: Mapping[str, str]
    role_name: str
    role_path: str
    trail_log_group: str
    log_retention_days: int
    log_key: kms.IKey


class AccessWatch(Construct):
    """A function that is subscribed to the trail's log group, and a table that it remembers in.

    Defines: the function, its role, log group, permission and subscription; the table.
    Grants: to the function's role, writing items of the table, putting events on the default bus, and listing aliases
        of keys.
    Leaves to the caller: the trail and its log group, which takes two subscriptions; hearing the events; an alarm on
        the function's silence.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: AccessWatchProps) -> None:
        super().__init__(scope, construct_id)
        table = self._table()
        watching = MonitoringFunction(
            self,
            "Watching",
            props=LoggedFunctionProps(
                description=props.description,
                handler="monitoring_handlers.access_watch.handler.handler",
                package=props.package,
                environment={**props.environment, "TABLE": table.table_name},
                role_name=props.role_name,
                role_path=props.role_path,
                log_retention_days=props.log_retention_days,
                log_key=props.log_key,
            ),
        )
        self.function: lambda_.IFunction = watching.function
        self.log_group: logs.ILogGroup = watching.log_group
        self._grant(watching.role, table)
        self._subscribe(props.trail_log_group)

    def _table(self) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            "Memory",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires",
            removal_policy=RemovalPolicy.DESTROY,
        )
        learned = "It holds names, counts and times, all of which are learned again within two weeks"
        accept(
            table,
            {"AwsSolutions-DDB3": learned, "DynamoDBPITREnabled": learned, "DynamoDBInBackupPlan": learned},
        )
        return table

    def _grant(self, role: iam.IRole, table: dynamodb.Table) -> None:
        stack = Stack.of(self)
        bus = f"arn:{stack.partition}:events:{stack.region}:{stack.account}:event-bus/default"
        table.grant(role, "dynamodb:UpdateItem")
        iam.Grant.add_to_principal(grantee=role, actions=["events:PutEvents"], resource_arns=[bus])
        iam.Grant.add_to_principal(grantee=role, actions=["kms:ListAliases"], resource_arns=["*"])
        no_resources = "kms:ListAliases knows no resources; it returns names"
        accept(role.node.find_child("DefaultPolicy"), {"AwsSolutions-IAM5[Resource::*]": no_resources})

    def _subscribe(self, log_group: str) -> None:
        """Subscribe the function. CloudWatch Logs tries the permission when the subscription is made."""
        stack = Stack.of(self)
        permission = lambda_.CfnPermission(
            self,
            "Permission",
            action="lambda:InvokeFunction",
            function_name=self.function.function_arn,
            principal="logs.amazonaws.com",
            source_account=stack.account,
            source_arn=f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{log_group}:*",
        )
        subscription = logs.CfnSubscriptionFilter(
            self,
            "Subscription",
            log_group_name=log_group,
            filter_pattern=PATTERN,
            destination_arn=self.function.function_arn,
        )
        subscription.node.add_dependency(permission)
