import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.unit.local_cloud.local_aws import LocalAws

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.type_defs import RotationRulesTypeTypeDef

pytestmark = pytest.mark.servers

NOW_AND_THEN: "RotationRulesTypeTypeDef" = {"ScheduleExpression": "rate(30 days)", "Duration": "3h"}


@pytest.fixture(scope="module")
def rotated(aws: LocalAws, rotator: str) -> str:
    """A secret that rotates every 30 days and has been rotated once."""
    arn = aws.new_secret()
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator, RotationRules=NOW_AND_THEN)
    aws.wait_for_event(arn, "RotationSucceeded")
    return arn


def test_settings_are_told_when_rotation_is_on(aws: LocalAws, rotated: str, rotator: str) -> None:
    described = aws.secrets.describe_secret(SecretId=rotated)
    assert (described["RotationEnabled"], described["RotationLambdaARN"], described["RotationRules"]) == (
        True,
        rotator,
        NOW_AND_THEN,
    )


def test_next_rotation_is_when_the_window_closes_when_rate_and_duration_are_set(aws: LocalAws, rotated: str) -> None:
    described = aws.secrets.describe_secret(SecretId=rotated)
    last = described["LastRotatedDate"].astimezone(dt.UTC)
    closes = dt.datetime.combine(last.date(), dt.time(2, 59, 59), dt.UTC)
    assert described["NextRotationDate"] == closes + dt.timedelta(days=30)


def test_dates_are_absent_when_a_secret_never_rotated(aws: LocalAws) -> None:
    described = aws.secrets.describe_secret(SecretId=aws.new_secret())
    assert not {"LastRotatedDate", "NextRotationDate"} & described.keys()


def test_version_without_value_is_listed_when_a_rotation_is_pending(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="createSecret")
    token = aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)["VersionId"]
    assert aws.secrets.describe_secret(SecretId=arn)["VersionIdsToStages"][token] == ["AWSPENDING"]
    aws.wait_for_event(arn, "RotationFailed")


def test_list_tells_of_rotation_when_a_secret_rotates(aws: LocalAws, rotated: str) -> None:
    pages = aws.secrets.get_paginator("list_secrets").paginate()
    listed = next(secret for page in pages for secret in page["SecretList"] if secret["ARN"] == rotated)
    described = aws.secrets.describe_secret(SecretId=rotated)
    assert (listed["RotationEnabled"], listed["NextRotationDate"]) == (True, described["NextRotationDate"])


@pytest.mark.parametrize(("included", "versions"), [(False, 2), (True, 3)])
def test_deprecated_versions_are_listed_when_they_are_asked_for(
    aws: LocalAws, versions: int, *, included: bool
) -> None:
    arn = aws.new_secret()
    for value in ("second", "third"):
        aws.secrets.put_secret_value(SecretId=arn, SecretString=value)
    listed = aws.secrets.list_secret_version_ids(SecretId=arn, IncludeDeprecated=included)["Versions"]
    assert len(listed) == versions


def test_deletion_date_is_told_when_a_secret_is_scheduled_for_deletion(aws: LocalAws) -> None:
    arn = aws.new_secret()
    aws.secrets.delete_secret(SecretId=arn, RecoveryWindowInDays=7)
    assert "DeletedDate" in aws.secrets.describe_secret(SecretId=arn)
