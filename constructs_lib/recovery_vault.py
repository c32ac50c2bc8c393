"""What the recovery region holds of an environment: a key for replicas, and a locked bucket for backups."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib.accepted_findings import accept
from constructs_lib.key_policy import ROTATION_PERIOD, account_administration, deployer_pattern
from constructs_lib.private_bucket import BucketProps, private_bucket

_NO_ACCESS_LOG = "Backups are read by one role and each read needs a KMS decryption, which is in the trail"


class RecoveryVault(Construct):
    """A key and a bucket in the recovery region.

    Defines: the key, under an alias that the primary region computes, and a bucket whose versions nobody can delete
        while they are locked.
    Grants: use of the key through Secrets Manager of this region, for the environment's secrets, to the environment's
        roles and to CloudFormation of the primary region, which makes the replicas.
    Leaves to the caller: who writes and reads backups.

    Args:
        scope: Parent.
        construct_id: Literal id.
        environment: Lower-case name, such as ``prod``.
        primary_region: Where the secrets are.
        lock_days: How long a version is locked.
        removal_policy: What happens to key and bucket when they leave the stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: str,
        primary_region: str,
        lock_days: int,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        prefix = f"alees/{environment}/"
        key = kms.Key(
            self,
            "Key",
            alias=f"alias/{prefix}recovery",
            description=f"Encrypts replicas and backups of alees/{environment} secrets",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=_key_policy(stack, prefix, primary_region),
            removal_policy=removal_policy,
        )
        self._add_backups(f"alees-{environment}-backups-{stack.account}-{stack.region}", key, lock_days, removal_policy)

    def _add_backups(self, name: str, key: kms.Key, lock_days: int, removal_policy: RemovalPolicy) -> None:
        backups = private_bucket(
            self,
            "Backups",
            props=BucketProps(
                name=name,
                key=kms.Key.from_key_arn(self, "ImportedKey", key.key_arn),
                lock=s3.ObjectLockRetention.governance(Duration.days(lock_days)),
                lifecycle=s3.LifecycleRule(
                    expiration=Duration.days(400), noncurrent_version_expiration=Duration.days(30)
                ),
                removal_policy=removal_policy,
            ),
        )
        accept(
            backups,
            {
                "AwsSolutions-S1": _NO_ACCESS_LOG,
                "S3BucketLoggingEnabled": _NO_ACCESS_LOG,
                "S3BucketReplicationEnabled": "The bucket is the copy in the second region; the secrets are the first",
            },
        )


def _key_policy(stack: Stack, prefix: str, primary_region: str) -> iam.PolicyDocument:
    secrets = f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret:{prefix}*"
    roles = f"arn:{stack.partition}:iam::{stack.account}:role/{prefix}*"
    return iam.PolicyDocument(
        statements=[
            account_administration(),
            iam.PolicyStatement(
                sid="UseThroughSecretsManager",
                principals=[iam.AccountRootPrincipal()],
                actions=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
                resources=["*"],  # in a key policy: this key
                conditions={
                    "StringEquals": {
                        "kms:CallerAccount": stack.account,
                        "kms:ViaService": f"secretsmanager.{stack.region}.amazonaws.com",
                    },
                    "StringLike": {"kms:EncryptionContext:SecretARN": secrets},
                    "ArnLike": {"aws:PrincipalArn": [roles, deployer_pattern(stack, primary_region)]},
                },
            ),
        ]
    )
