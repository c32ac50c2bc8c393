"""The account's CloudTrail trail: every call of every region, encrypted, validated, and kept."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from alees_secrets import naming
from constructs_lib.accepted_findings import OWN_POLICY, accept
from constructs_lib.key_policy import ROTATION_PERIOD, account_administration, log_groups_encrypt
from constructs_lib.private_bucket import BucketProps, private_bucket

TRAIL_NAME = "alees-secrets"
"""Fixed: the policies of its key and its bucket name the trail before it exists."""

_NO_ACCESS_LOG = (
    "An access log of the bucket for logs would need a log of its own; the validation of its files shows deletions"
)


class AuditTrail(Construct):
    """A multi-region trail of management events with log file validation.

    Defines: the trail, its key, its bucket, its log group and the role that writes there.
    Grants: what CloudTrail and CloudWatch Logs need of key and bucket. The L2 trail of the CDK adds nothing to the
        key's policy, and AWS then refuses the trail.
    Leaves to the caller: who may read the logs.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, removal_policy: RemovalPolicy) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        self._arn = f"arn:{stack.partition}:cloudtrail:{stack.region}:{stack.account}:trail/{TRAIL_NAME}"
        key = kms.Key(
            self,
            "Key",
            alias="alias/alees/trail",
            description="Encrypts the trail's log files and log group",
            enable_key_rotation=True,
            rotation_period=ROTATION_PERIOD,
            policy=self._key_policy(stack),
            removal_policy=removal_policy,
        )
        bucket = self._bucket(kms.Key.from_key_arn(self, "ImportedKey", key.key_arn), stack, removal_policy)
        self._accept_findings(bucket)
        self.log_group: logs.ILogGroup = logs.LogGroup(
            self,
            "Log",
            log_group_name=naming.TRAIL_LOG_GROUP,
            encryption_key=key,
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=removal_policy,
        )
        role = iam.Role(
            self,
            "Role",
            description="CloudTrail writes the trail's log group",
            assumed_by=iam.ServicePrincipal("cloudtrail.amazonaws.com"),
        )
        written = self.log_group.grant_write(role)
        accept(role.node.find_child("DefaultPolicy"), {"IAMNoInlinePolicy": OWN_POLICY})
        trail = self._trail(key, bucket, role)
        trail.apply_removal_policy(removal_policy)
        written.apply_before(trail)

    def _trail(self, key: kms.Key, bucket: s3.Bucket, role: iam.Role) -> cloudtrail.CfnTrail:
        trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=TRAIL_NAME,
            s3_bucket_name=bucket.bucket_name,
            kms_key_id=key.key_arn,
            cloud_watch_logs_log_group_arn=self.log_group.log_group_arn,
            cloud_watch_logs_role_arn=role.role_arn,
            enable_log_file_validation=True,
            include_global_service_events=True,
            is_multi_region_trail=True,
            is_logging=True,
        )
        if bucket.policy is not None:
            trail.node.add_dependency(bucket.policy)
        return trail

    def _bucket(self, key: kms.IKey, stack: Stack, removal_policy: RemovalPolicy) -> s3.Bucket:
        bucket = private_bucket(
            self,
            "Bucket",
            props=BucketProps(
                name=f"alees-trail-{stack.account}-{stack.region}",
                key=key,
                removal_policy=removal_policy,
                lifecycle=s3.LifecycleRule(
                    expiration=Duration.days(2557), noncurrent_version_expiration=Duration.days(30)
                ),
            ),
        )
        cloudtrail_service = iam.ServicePrincipal("cloudtrail.amazonaws.com")
        from_trail = {"StringEquals": {"aws:SourceArn": self._arn}}
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="CloudTrailChecksTheBucket",
                principals=[cloudtrail_service],
                actions=["s3:GetBucketAcl"],
                resources=[bucket.bucket_arn],
                conditions=from_trail,
            )
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="CloudTrailWritesLogFiles",
                principals=[cloudtrail_service],
                actions=["s3:PutObject"],
                resources=[bucket.arn_for_objects(f"AWSLogs/{stack.account}/*")],
                conditions={"StringEquals": {"aws:SourceArn": self._arn, "s3:x-amz-acl": "bucket-owner-full-control"}},
            )
        )
        return bucket

    def _accept_findings(self, bucket: s3.Bucket) -> None:
        accept(
            bucket,
            {
                "AwsSolutions-S1": _NO_ACCESS_LOG,
                "S3BucketLoggingEnabled": _NO_ACCESS_LOG,
                "S3BucketReplicationEnabled": "The log group holds the same events for a year",
            },
        )

    def _key_policy(self, stack: Stack) -> iam.PolicyDocument:
        cloudtrail_service = iam.ServicePrincipal("cloudtrail.amazonaws.com")
        return iam.PolicyDocument(
            statements=[
                account_administration(),
                iam.PolicyStatement(
                    sid="CloudTrailEncrypts",
                    principals=[cloudtrail_service],
                    actions=["kms:GenerateDataKey*"],
                    resources=["*"],  # in a key policy: this key
                    conditions={
                        "StringEquals": {"aws:SourceArn": self._arn},
                        "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": self._arn},
                    },
                ),
                iam.PolicyStatement(
                    sid="CloudTrailDescribes",
                    principals=[cloudtrail_service],
                    actions=["kms:DescribeKey"],
                    resources=["*"],  # in a key policy: this key
                    conditions={"StringEquals": {"aws:SourceArn": self._arn}},
                ),
                log_groups_encrypt(stack, naming.TRAIL_LOG_GROUP),
                iam.PolicyStatement(
                    sid="ReadLogFilesThroughS3",
                    principals=[iam.AccountRootPrincipal()],
                    actions=["kms:Decrypt"],
                    resources=["*"],  # in a key policy: this key
                    conditions={
                        "StringEquals": {
                            "kms:CallerAccount": stack.account,
                            "kms:ViaService": f"s3.{stack.region}.amazonaws.com",
                        }
                    },
                ),
            ]
        )
