"""Resources as the project's stacks have them."""

from typing import Any

from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources

ADMINISTRATION = {
    "Effect": "Allow",
    "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
    "Action": "kms:*",
    "Resource": "*",
}
TRAIL = "alees-secrets"
TRAIL_ARN = {"Fn::Sub": f"arn:aws:cloudtrail:${{AWS::Region}}:${{AWS::AccountId}}:trail/{TRAIL}"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(service: str) -> dict[str, Any]:
    """Return a trust policy for a service."""
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def key(*statements: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """Return a key that the account administers, with further statements."""
    return {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy(ADMINISTRATION, *statements), **properties}}


def trail(bucket: str, **properties: Any) -> Resources:
    """Return a trail with everything that it needs."""
    cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
    from_trail = {"StringEquals": {"aws:SourceArn": TRAIL_ARN}}
    admitted = {"Effect": "Allow", "Principal": cloudtrail, "Condition": from_trail}
    objects = {"Fn::Sub": f"arn:aws:s3:::{bucket}/AWSLogs/${{AWS::AccountId}}/*"}
    group = {"Fn::GetAtt": ["Group", "Arn"]}
    writes = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": group}
    return {
        "Key": key({**admitted, "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}),
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": policy(
                    {**admitted, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}"},
                    {**admitted, "Action": "s3:PutObject", "Resource": objects},
                ),
            },
        },
        "Group": {"Type": "AWS::Logs::LogGroup"},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trusting("cloudtrail.amazonaws.com"),
                "Policies": [{"PolicyName": "own", "PolicyDocument": policy(writes)}],
            },
        },
        "Trail": {
            "Type": "AWS::CloudTrail::Trail",
            "DependsOn": ["BucketPolicy"],
            "Properties": {
                "TrailName": TRAIL,
                "S3BucketName": {"Ref": "Bucket"},
                "KMSKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
                "CloudWatchLogsLogGroupArn": group,
                "CloudWatchLogsRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "EnableLogFileValidation": True,
                "IncludeGlobalServiceEvents": True,
                "IsMultiRegionTrail": True,
                "IsLogging": True,
                **properties,
            },
        },
    }
