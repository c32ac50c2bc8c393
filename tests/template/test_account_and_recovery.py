"""The trail, the boundary and the recovery region, as AWS needs them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import App, CfnDeletionPolicy
from aws_cdk.aws_kms import CfnKey
from aws_cdk.aws_logs import CfnLogGroup
from aws_cdk.aws_s3 import CfnBucket

from config.environments import dev, prod
from stacks.account import AccountStack
from stacks.deployment import add_stacks
from tests.template.reading import Template, only, plain, resources, statements

LOG_GROUPS = "arn:aws:logs:eu-central-1:111122223333:log-group"
TRAIL = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/alees-secrets"


USERS = (
    *("application", "database-rotation", "jwt-rotation", "email-rotation", "api-rotation"),
    *("writer", "break-glass"),
)


@pytest.fixture
def account(templates: dict[str, Template]) -> Template:
    """The stack of Prod's account."""
    return templates["AleesSecretsAccount111122223333"]


def test_an_account_of_credentials_has_a_stack_of_its_own_whose_first_names_are_taken_in_a_declared_one(
    assembly: Path, templates: dict[str, Template]
) -> None:
    # Dev, deployed with the credentials of Prod's account, must not rewrite what Prod has there.
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    names = {
        stack: artifacts[stack]["properties"].get("stackName", stack)
        for stack in ("AleesSecretsAccount111122223333", "AleesSecretsAccountOfCredentials")
    }
    boundaries = [
        {plain(each["Properties"]["ManagedPolicyName"]) for each in found.values()}
        for found in (resources(templates[stack], "AWS::IAM::ManagedPolicy") for stack in names)
    ]

    assert names == {
        "AleesSecretsAccount111122223333": "AleesSecretsAccount",
        "AleesSecretsAccountOfCredentials": "AleesSecretsAccountOfCredentials",
    }
    assert boundaries[1] == {"alees-boundary", "alees-people-boundary"} < boundaries[0]


@pytest.fixture
def recovery(templates: dict[str, Template]) -> Template:
    """Prod's recovery stack."""
    return templates["AleesSecretsProdRecovery"]


def test_the_trail_covers_all_regions_and_its_files_can_be_validated(account: Template) -> None:
    trail = only(account, "AWS::CloudTrail::Trail")

    assert trail["TrailName"] == "alees-secrets"
    for setting in ("IsMultiRegionTrail", "IsLogging", "EnableLogFileValidation", "IncludeGlobalServiceEvents"):
        assert trail[setting] is True
    assert "EventSelectors" not in trail  # all management events, KMS's among them


def test_cloudtrail_and_its_log_group_may_use_the_key(account: Template) -> None:
    found = {each["Sid"]: each for name, each in statements(account) if name.startswith("TrailKey")}

    assert found["CloudTrailEncrypts"] == {
        "Action": "kms:GenerateDataKey*",
        "Condition": {
            "StringEquals": {"aws:SourceArn": TRAIL},
            "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": TRAIL},
        },
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Resource": "*",
        "Sid": "CloudTrailEncrypts",
    }
    assert found["CloudTrailDescribes"]["Action"] == "kms:DescribeKey"
    assert found["CloudTrailDescribes"]["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}
    logs = found["LogGroupsEncrypt"]
    assert logs["Principal"] == {"Service": "logs.eu-central-1.amazonaws.com"}
    assert logs["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"{LOG_GROUPS}:/alees/trail"}}


def test_only_the_trail_writes_its_bucket(account: Template) -> None:
    found = {each.get("Sid"): each for name, each in statements(account) if name.startswith("TrailBucketPolicy")}

    write = found["CloudTrailWritesLogFiles"]
    assert write["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control"}}
    assert write["Resource"].endswith(".Arn>/AWSLogs/111122223333/*")
    assert found["CloudTrailChecksTheBucket"]["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}


def test_buckets_are_private_encrypted_and_versioned(account: Template, recovery: Template) -> None:
    for template in (account, recovery):
        bucket = only(template, "AWS::S3::Bucket")
        assert bucket["PublicAccessBlockConfiguration"] == dict.fromkeys(
            ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
        )
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_backups_are_locked_for_a_month_in_prod_and_a_day_in_dev(
    recovery: Template, templates: dict[str, Template]
) -> None:
    for template, days in ((recovery, 35), (templates["AleesSecretsDevRecovery"], 1)):
        bucket = only(template, "AWS::S3::Bucket")
        assert bucket["ObjectLockEnabled"] is True
        assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {"Days": days, "Mode": "GOVERNANCE"}


def test_the_recovery_key_serves_replicas_of_the_environment_alone(recovery: Template) -> None:
    found = {each["Sid"]: each for _, each in statements(recovery) if "kms:Encrypt" in each["Action"]}

    assert found["UseThroughSecretsManager"]["Condition"] == {
        "StringEquals": {
            "kms:CallerAccount": "111122223333",
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
        },
        "StringLike": {
            "kms:EncryptionContext:SecretARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:alees/prod/*"
        },
        "ArnLike": {
            "aws:PrincipalArn": [
                *(f"arn:aws:iam::111122223333:role/alees/prod/alees-prod-{duty}" for duty in USERS),
                "arn:aws:iam::111122223333:role/cdk-*-cfn-exec-role-111122223333-eu-central-1",
            ]
        },
    }


def test_the_account_stays_protected_when_only_an_environment_that_keeps_nothing_is_built() -> None:
    built = App()
    add_stacks(built, [replace(dev(), account=prod().account)])

    account = built.node.find_child(prod().account.stack_id)
    assert isinstance(account, AccountStack)
    assert account.termination_protection
    assert {
        resource.cfn_options.deletion_policy
        for resource in account.node.find_child("Trail").node.find_all()
        if isinstance(resource, CfnKey | CfnBucket | CfnLogGroup)
    } == {CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE}
