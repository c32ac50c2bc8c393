"""The key that encrypts the functions' logs of a stack that has no watch key."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from constructs_lib.key_policy import ROTATION_PERIOD, account_administration, log_groups_encrypt


class LogKey(Construct):
    """A key for a stack's log groups.

    Defines: the key and its alias.
    Grants: use to CloudWatch Logs for log groups of this stack.
    Leaves to the caller: who reads what it encrypts.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, alias: str, removal_policy: RemovalPolicy) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(
            self,
            "Key",
            alias=alias,
            description="Encrypts logs",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=iam.PolicyDocument(statements=[account_administration(), log_groups_encrypt(Stack.of(self))]),
            removal_policy=removal_policy,
        )
        self.key: kms.IKey = kms.Key.from_key_arn(self, "Imported", key.key_arn)
