import pytest

from local_cloud.launcher.cloudtrail.operations import event_name, event_region, is_read_only


@pytest.mark.parametrize(
    ("service", "action", "path", "expected"),
    [
        ("secretsmanager", "GetSecretValue", "/", "GetSecretValue"),
        ("s3", "PutBucketPolicy", "/bucket", "PutBucketPolicy"),
        ("s3", "PutEncryptionConfiguration", "/bucket", "PutBucketEncryption"),
        ("s3", "PutObject", "/bucket/key", None),
        ("s3", "ListBucket", "/bucket", None),
        ("lambda", "InvokeFunction", "/2015-03-31/functions/f/invocations", None),
        ("lambda", "UpdateFunctionCode", "/2015-03-31/functions/f/code", "UpdateFunctionCode20150331v2"),
        ("sns", "Publish", "/", None),
        ("dynamodb", "UpdateItem", "/", None),
    ],
)
def test_event_is_named_as_cloudtrail_does_when_it_is_about_management(
    service: str, action: str, path: str, expected: str | None
) -> None:
    assert event_name(service, action, path) == expected


@pytest.mark.parametrize("name", ["GetSecretValue", "ListSecrets", "BatchGetSecretValue", "AssumeRole", "Decrypt"])
def test_event_only_reads_when_nothing_changes(name: str) -> None:
    assert is_read_only(name)


@pytest.mark.parametrize("name", ["PutSecretValue", "RotateSecret", "StopLogging", "DeleteTrail", "PutKeyPolicy"])
def test_event_writes_when_something_changes(name: str) -> None:
    assert not is_read_only(name)


def test_region_is_us_east_1_when_the_service_is_global() -> None:
    assert (event_region("iam", "eu-central-1"), event_region("kms", "eu-central-1")) == ("us-east-1", "eu-central-1")
