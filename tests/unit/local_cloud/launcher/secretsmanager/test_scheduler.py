import pytest

from local_cloud.cloud import RunningCloud
from tests.unit.local_cloud.local_aws import LocalAws, wait_until

pytestmark = pytest.mark.servers

DAY_SECONDS = 86_400


def _schedule(aws: LocalAws, rotator: str, arn: str, expression: str) -> None:
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator, RotationRules={"ScheduleExpression": expression})
    wait_until(lambda: aws.events(arn)[-1] != "RotationStarted", "the first rotation did not end")


@pytest.mark.parametrize("expression", ["rate(2 days)", "cron(0 8 1/2 * ? *)"])
def test_secret_rotates_again_when_its_schedule_comes_due(
    aws: LocalAws, rotator: str, cloud: RunningCloud, expression: str
) -> None:
    arn = aws.new_secret()
    _schedule(aws, rotator, arn, expression)
    cloud.advance(3 * DAY_SECONDS)
    wait_until(lambda: aws.events(arn).count("RotationSucceeded") == 2, "no second rotation")
    aws.secrets.cancel_rotate_secret(SecretId=arn)


def test_secret_stays_when_its_schedule_is_not_due(aws: LocalAws, rotator: str, cloud: RunningCloud) -> None:
    due, waiting = aws.new_secret(), aws.new_secret()
    _schedule(aws, rotator, due, "rate(1 day)")
    _schedule(aws, rotator, waiting, "rate(30 days)")
    cloud.advance(2 * DAY_SECONDS)
    wait_until(lambda: aws.events(due).count("RotationSucceeded") == 2, "no second rotation")
    assert aws.events(waiting).count("RotationSucceeded") == 1
    aws.secrets.cancel_rotate_secret(SecretId=due)


def test_value_put_by_hand_counts_as_a_rotation_when_the_next_is_planned(
    aws: LocalAws, rotator: str, cloud: RunningCloud
) -> None:
    arn = aws.new_secret()
    _schedule(aws, rotator, arn, "rate(30 days)")
    before = aws.secrets.describe_secret(SecretId=arn)["NextRotationDate"]
    cloud.advance(2 * DAY_SECONDS)
    aws.secrets.put_secret_value(SecretId=arn, SecretString="by hand")
    after = aws.secrets.describe_secret(SecretId=arn)["NextRotationDate"]
    assert (after - before).days == 2


def test_next_rotation_lies_in_the_past_when_the_scheduled_one_failed(
    aws: LocalAws, rotator: str, cloud: RunningCloud
) -> None:
    arn = aws.new_secret()
    _schedule(aws, rotator, arn, "rate(1 day)")
    before = aws.secrets.describe_secret(SecretId=arn)["NextRotationDate"]
    aws.secrets.tag_resource(SecretId=arn, Tags=[{"Key": "fail", "Value": "testSecret"}])
    cloud.advance(3 * DAY_SECONDS)
    aws.wait_for_event(arn, "RotationFailed")
    assert aws.secrets.describe_secret(SecretId=arn)["NextRotationDate"] == before
    aws.secrets.cancel_rotate_secret(SecretId=arn)


def test_same_version_is_tried_again_when_an_earlier_rotation_is_pending(
    aws: LocalAws, rotator: str, cloud: RunningCloud
) -> None:
    arn = aws.new_secret(fail="setSecret")
    _schedule(aws, rotator, arn, "rate(1 day)")
    pending = aws.labels(arn)["AWSPENDING"]
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["fail"])
    cloud.advance(2 * DAY_SECONDS)
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.labels(arn)["AWSCURRENT"] == pending
    aws.secrets.cancel_rotate_secret(SecretId=arn)
