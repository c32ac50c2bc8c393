import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

LOCK = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}}


@pytest.fixture
def name() -> str:
    return f"bucket-{uuid.uuid4()}"


@pytest.fixture
def objects(aws: LocalAws) -> Any:
    return aws.client("s3")


def _bucket(name: str, **properties: Any) -> Resources:
    return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name, **properties}}}


def test_version_is_kept_when_the_bucket_is_locked(objects: Any, stack: Stack, name: str) -> None:
    stack.deploy(_bucket(name, ObjectLockEnabled=True, ObjectLockConfiguration=LOCK))
    version = objects.put_object(Bucket=name, Key="backup", Body=b"exported")["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        objects.delete_object(Bucket=name, Key="backup", VersionId=version)
    objects.delete_object(Bucket=name, Key="backup", VersionId=version, BypassGovernanceRetention=True)


def test_lock_changes_in_place_when_the_template_does(objects: Any, stack: Stack, name: str) -> None:
    stack.deploy(_bucket(name, ObjectLockEnabled=True))
    stack.deploy(_bucket(name, ObjectLockEnabled=True, ObjectLockConfiguration=LOCK))
    assert objects.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"] == LOCK


def test_no_bucket_is_left_when_its_lock_is_refused(objects: Any, stack: Stack, name: str) -> None:
    wrong = {"Rule": {"DefaultRetention": {"Mode": "FOREVER", "Days": 30}}}
    stack.attempt(_bucket(name, ObjectLockEnabled=True, ObjectLockConfiguration=wrong))
    assert "ObjectLockConfiguration" in stack.failures()
    with pytest.raises(ClientError, match="404"):
        objects.head_bucket(Bucket=name)


def test_objects_are_encrypted_when_the_template_says_how(objects: Any, stack: Stack, name: str) -> None:
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/alees/dev/recovery"}
    rule = {"ServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}
    stack.deploy(_bucket(name, BucketEncryption={"ServerSideEncryptionConfiguration": [rule]}))
    found = objects.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert found == [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]


def test_owner_is_kept_when_the_template_says_who(objects: Any, stack: Stack, name: str) -> None:
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    stack.deploy(_bucket(name, OwnershipControls=rules))
    assert objects.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"] == rules


def test_bucket_stays_when_it_is_not_empty(objects: Any, aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy(_bucket(name))
    objects.put_object(Bucket=name, Key="kept", Body=b"kept")
    aws.stacks.delete_stack(StackName=stack.name)
    stack.wait_for_end()
    assert (stack.status(), "is not empty" in stack.failures()) == ("DELETE_FAILED", True)
    objects.delete_object(Bucket=name, Key="kept")
