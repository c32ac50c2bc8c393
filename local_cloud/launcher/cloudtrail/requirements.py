"""What a trail needs of its bucket, key, log group and role before CloudTrail accepts it.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html,
create-kms-key-policy-for-cloudtrail.html and send-cloudtrail-events-to-cloudwatch-logs.html beside it.
"""

from typing import Any, TypeAlias

from local_cloud.launcher.access.roles import role_may
from local_cloud.launcher.access.service_principals import admits
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import ApiError

Settings: TypeAlias = dict[str, Any]

_SERVICE = "cloudtrail.amazonaws.com"


def require_deliverable(settings: Settings) -> None:
    """Check that CloudTrail may deliver where a trail's settings say.

    Args:
        settings: Name, S3BucketName and, where set, S3KeyPrefix, KmsKeyId, CloudWatchLogsLogGroupArn and
            CloudWatchLogsRoleArn.

    Raises:
        ApiError: Something does not exist, or its policy does not admit CloudTrail for this trail.
    """
    account = emulated("core.responses", "get_account_id")()
    region = emulated("core.responses", "get_region")()
    trail_arn = f"arn:aws:cloudtrail:{region}:{account}:trail/{settings['Name']}"
    _require_bucket(settings, account, trail_arn)
    if settings.get("KmsKeyId"):
        _require_key(settings["KmsKeyId"], trail_arn)
    if settings.get("CloudWatchLogsLogGroupArn"):
        stream = f"{account}_CloudTrail_{region}"
        _require_log_group(settings["CloudWatchLogsLogGroupArn"], settings.get("CloudWatchLogsRoleArn", ""), stream)


def _require_bucket(settings: Settings, account: str, trail_arn: str) -> None:
    bucket = settings.get("S3BucketName", "")
    if bucket not in emulated("services.s3", "_buckets"):
        raise ApiError("S3BucketDoesNotExistException", f"S3 bucket {bucket} does not exist!")
    policy = emulated("services.s3", "_bucket_policies").get(bucket)
    prefix = f"{settings['S3KeyPrefix']}/" if settings.get("S3KeyPrefix") else ""
    log_file = f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/{account}/CloudTrail/log.json.gz"
    context = {"aws:sourcearn": trail_arn, "s3:x-amz-acl": "bucket-owner-full-control"}
    for action, resource in (("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}"), ("s3:PutObject", log_file)):
        if not admits(policy, _SERVICE, action, resource, context):
            raise ApiError(
                "InsufficientS3BucketPolicyException",
                f"Incorrect S3 bucket policy is detected for bucket: {bucket}; it does not let {_SERVICE} {action}",
            )


def _require_key(key_id: str, trail_arn: str) -> None:
    key = emulated("services.kms", "_resolve_key")(key_id)
    if key is None or key["KeyState"] != "Enabled":
        raise ApiError("KmsKeyNotFoundException", f"KMS key {key_id} is disabled or does not exist in this region")
    context = {"aws:sourcearn": trail_arn, "kms:encryptioncontext:aws:cloudtrail:arn": trail_arn}
    for action in ("kms:GenerateDataKey", "kms:DescribeKey"):
        if not admits(key.get("Policy"), _SERVICE, action, key["Arn"], context):
            raise ApiError(
                "InsufficientEncryptionPolicyException",
                f"Insufficient permissions to access KMS key {key_id}; its policy does not let {_SERVICE} {action}",
            )


def _require_log_group(group_arn: str, role_arn: str, stream: str) -> None:
    name = group_arn.partition(":log-group:")[2].removesuffix(":*")
    if name not in emulated("services.cloudwatch_logs", "_log_groups"):
        raise ApiError("InvalidCloudWatchLogsLogGroupArnException", f"CloudWatch Logs group {name} does not exist.")
    role_name = role_arn.rpartition("/")[2]
    roles = emulated("services.iam", "_roles")
    trust = roles[role_name]["AssumeRolePolicyDocument"] if role_name in roles else None
    if not admits(trust, _SERVICE, "sts:AssumeRole", "*", {}):
        raise ApiError("InvalidCloudWatchLogsRoleArnException", f"{_SERVICE} cannot assume the role {role_arn}.")
    resource = f"{group_arn.removesuffix(':*')}:log-stream:{stream}"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        if not role_may(role_arn, action, resource):
            raise ApiError(
                "InvalidCloudWatchLogsLogGroupArnException",
                f"Access denied. Check the permissions for your role: {role_arn} may not {action} on {resource}.",
            )
