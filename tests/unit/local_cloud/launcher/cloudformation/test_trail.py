import uuid
from typing import Any

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack
from tests.unit.local_cloud.launcher.cloudformation.templates import TRAIL, trail
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


@pytest.fixture
def bucket() -> str:
    return f"trail-{uuid.uuid4()}"


def test_trail_is_logging_when_the_stack_is_created(own: LocalAws, own_stack: Stack, bucket: str) -> None:
    own_stack.deploy(trail(bucket), Ref={"Ref": "Trail"}, Arn={"Fn::GetAtt": ["Trail", "Arn"]})
    made = own.trail.get_trail(Name=TRAIL)["Trail"]
    assert own_stack.outputs() == {"Ref": TRAIL, "Arn": made["TrailARN"]}
    assert own.trail.get_trail_status(Name=TRAIL)["IsLogging"] is True
    assert (made["S3BucketName"], made["IsMultiRegionTrail"], made["LogFileValidationEnabled"]) == (bucket, True, True)
    assert made["CloudWatchLogsLogGroupArn"].endswith(":*")


def test_trail_changes_in_place_when_the_template_does(own: LocalAws, own_stack: Stack, bucket: str) -> None:
    own_stack.deploy(trail(bucket))
    own_stack.deploy(trail(bucket, IsLogging=False, Tags=[{"Key": "application", "Value": "alees"}]))
    assert own.trail.get_trail_status(Name=TRAIL)["IsLogging"] is False
    arn = own.trail.get_trail(Name=TRAIL)["Trail"]["TrailARN"]
    assert own.trail.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"] == [
        {"Key": "application", "Value": "alees"}
    ]


def test_trail_is_gone_when_the_stack_is_deleted(own: LocalAws, own_stack: Stack, bucket: str) -> None:
    own_stack.deploy(trail(bucket))
    own_stack.delete()
    assert own.trail.describe_trails()["trailList"] == []


def test_stack_fails_with_the_property_when_it_is_not_supported(own_stack: Stack, bucket: str) -> None:
    own_stack.attempt(trail(bucket, EventSelectors=[{"IncludeManagementEvents": True}]))
    assert "got ['EventSelectors']" in own_stack.failures()


def _without_key_statement(resources: dict[str, Any]) -> None:
    del resources["Key"]["Properties"]["KeyPolicy"]["Statement"][1]


def _without_bucket_policy(resources: dict[str, Any]) -> None:
    del resources["BucketPolicy"]
    resources["Trail"]["DependsOn"] = []


def _for_another_trail(resources: dict[str, Any]) -> None:
    resources["Trail"]["Properties"]["TrailName"] = "another"


def _without_log_permission(resources: dict[str, Any]) -> None:
    resources["Role"]["Properties"]["Policies"] = []


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_without_key_statement, "InsufficientEncryptionPolicyException"),
        (_without_bucket_policy, "InsufficientS3BucketPolicyException"),
        (_for_another_trail, "InsufficientS3BucketPolicyException"),
        (_without_log_permission, "Check the permissions for your role"),
    ],
)
def test_stack_fails_when_cloudtrail_is_not_admitted(own_stack: Stack, bucket: str, spoil: Any, reason: str) -> None:
    resources = trail(bucket)
    spoil(resources)
    own_stack.attempt(resources)
    assert reason in own_stack.failures()


def test_stack_fails_when_the_trail_exists_already(own: LocalAws, own_stack: Stack, bucket: str) -> None:
    own_stack.deploy(trail(bucket))
    second = Stack(own)
    second.attempt(trail(f"{bucket}-2"))
    assert "already exists" in second.failures()
    assert second.status() == "ROLLBACK_COMPLETE"
    assert own.trail.get_trail(Name=TRAIL)["Trail"]["S3BucketName"] == bucket
