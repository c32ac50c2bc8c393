"""What the recovery region holds of an environment: a key for replicas, and a locked bucket for backups."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib.accepted_findings import accept
from constructs_lib.key_policy import ROTATION_PERIOD, account_administration, deployer_pattern
from constructs_lib.private_bucket import BucketProps, private_bucket

_NO_ACCESS_LOG = "Backups are read by one role and each read needs a KMS decryption, which is in the trail"


@dataclass(frozen=True, kw_only=True)
class RecoveryVaultProps:
    """What is to be recovered.

    Attributes:
        environment: Lower-case name, such as ``prod``.
        primary_region: Where the secrets are.
        role_arns: ARNs of those who read or write the secrets.
        lock_days: How long a version is locked.
        removal_policy: What happens to key and bucket when they leave the stack.
    """

    environment: str
    primary_region: str
    role_arns: Sequence[str]
    lock_days: int
    removal_policy: RemovalPolicy


class RecoveryVault(Construct):
    """A key and a bucket in the recovery region.

    Defines: the key, under an alias that the primary region computes, and a bucket whose versions nobody can delete
        while they are locked.
    Grants: use of the key through Secrets Manager of this region, for the environment's secrets, to those who read or
        write the secrets and to CloudFormation of the primary region, which makes the replicas.
    Leaves to the caller: who writes and reads backups.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: RecoveryVaultProps) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        prefix = f"alees/{props.environment}/"
        key = kms.Key(
            self,
            "Key",
            alias=f"alias/{prefix}recovery",
            description=f"Encrypts replicas and backups of alees/{props.environment} secrets",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=_key_policy(stack, prefix, props),
            removal_policy=props.removal_policy,
        )
        name = f"alees-{props.environment}-backups-{stack.account}-{stack.region}"
        self._add_backups(name, key, props.lock_days, props.removal_policy)

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


def _key_policy(stack: Stack, prefix: str, props: RecoveryVaultProps) -> iam.PolicyDocument:
    secrets = f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret:{prefix}*"
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
                    "ArnLike": {"aws:PrincipalArn": [*props.role_arns, deployer_pattern(stack, props.primary_region)]},
                },
            ),
        ]
    )
