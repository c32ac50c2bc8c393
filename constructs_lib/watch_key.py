"""The key that encrypts what is watched: alerts, the count of them, and the functions' logs."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from constructs_lib.key_policy import ROTATION_PERIOD, account_administration, log_groups_encrypt


class WatchKey(Construct):
    """A key for an environment's topics, its table of alerts and its log groups.

    Defines: the key and its alias.
    Grants: use to CloudWatch and EventBridge, which AWS's own key for SNS does not admit, and to CloudWatch Logs for
        log groups of this stack; use through SNS and DynamoDB to whom the account's IAM lets.
    Leaves to the caller: who reads what it encrypts.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, alias: str, removal_policy: RemovalPolicy) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(
            self,
            "Key",
            alias=alias,
            description="Encrypts alerts and logs",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=_key_policy(Stack.of(self)),
            removal_policy=removal_policy,
        )
        self.key: kms.IKey = kms.Key.from_key_arn(self, "Imported", key.key_arn)


def _key_policy(stack: Stack) -> iam.PolicyDocument:
    return iam.PolicyDocument(
        statements=[
            account_administration(),
            _publish(
                "AlarmsPublish", "cloudwatch.amazonaws.com", {"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
            # EventBridge sends nothing to an encrypted topic whose key has conditions on the source.
            _publish("EventsPublish", "events.amazonaws.com", {}),
            *_through_services(stack),
            log_groups_encrypt(stack),
        ]
    )


def _publish(sid: str, service: str, conditions: dict[str, dict[str, str]]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.ServicePrincipal(service)],
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],  # in a key policy: this key
        conditions=conditions,
    )


def _through_services(stack: Stack) -> list[iam.PolicyStatement]:
    """Return what lets roles of the account publish to a topic and use a table that the key encrypts.

    DynamoDB makes a grant for itself when CloudFormation makes the table.
    """
    services = [f"{each}.{stack.region}.amazonaws.com" for each in ("dynamodb", "sns")]
    of_account = {"kms:CallerAccount": stack.account, "kms:ViaService": services}
    return [
        iam.PolicyStatement(
            sid="UseThroughAlerts",
            principals=[iam.AccountRootPrincipal()],
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            resources=["*"],  # in a key policy: this key
            conditions={"StringEquals": of_account},
        ),
        iam.PolicyStatement(
            sid="TableGrants",
            principals=[iam.AccountRootPrincipal()],
            actions=["kms:CreateGrant"],
            resources=["*"],  # in a key policy: this key
            conditions={
                "StringEquals": {**of_account, "kms:ViaService": services[0]},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
    ]
