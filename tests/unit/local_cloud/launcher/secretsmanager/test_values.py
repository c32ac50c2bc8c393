import uuid

import pytest

from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


def _put(aws: LocalAws, arn: str, value: str, token: str, *stages: str) -> None:
    aws.secrets.put_secret_value(
        SecretId=arn, SecretString=value, ClientRequestToken=token, VersionStages=list(stages) or ["AWSCURRENT"]
    )


def test_nothing_changes_when_a_version_gets_the_value_it_has(aws: LocalAws) -> None:
    arn, token = aws.new_secret(), str(uuid.uuid4())
    _put(aws, arn, "second", token)
    _put(aws, arn, "third", str(uuid.uuid4()))
    before = aws.labels(arn)
    _put(aws, arn, "second", token)
    assert aws.labels(arn) == before


def test_put_is_refused_when_the_version_has_another_value(aws: LocalAws) -> None:
    arn, token = aws.new_secret(), str(uuid.uuid4())
    _put(aws, arn, "second", token)
    with pytest.raises(aws.secrets.exceptions.ResourceExistsException, match="already in use") as refused:
        _put(aws, arn, "third", token)
    assert "third" not in str(refused.value)


def test_version_takes_a_value_when_it_has_none(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="createSecret")
    token = aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)["VersionId"]
    aws.wait_for_event(arn, "RotationFailed")
    _put(aws, arn, "given later", token, "AWSPENDING")
    assert aws.value(arn, "AWSPENDING") == "given later"


def test_label_leaves_the_other_version_when_it_is_put_on_a_new_one(aws: LocalAws) -> None:
    arn, first, second = aws.new_secret(), str(uuid.uuid4()), str(uuid.uuid4())
    _put(aws, arn, "one", first, "AWSPENDING", "mine")
    _put(aws, arn, "two", second, "AWSPENDING")
    labels = aws.labels(arn)
    assert (labels["AWSPENDING"], labels["mine"]) == (second, first)


def test_previous_stays_when_current_does_not_move(aws: LocalAws) -> None:
    arn = aws.new_secret()
    _put(aws, arn, "second", str(uuid.uuid4()))
    before = aws.labels(arn)["AWSPREVIOUS"]
    _put(aws, arn, "pending", str(uuid.uuid4()), "AWSPENDING")
    assert aws.labels(arn)["AWSPREVIOUS"] == before


def test_update_is_refused_when_its_token_is_a_version(aws: LocalAws) -> None:
    arn = aws.new_secret()
    current = aws.labels(arn)["AWSCURRENT"]
    with pytest.raises(aws.secrets.exceptions.ResourceExistsException):
        aws.secrets.update_secret(SecretId=arn, SecretString="first", ClientRequestToken=current)


def test_update_makes_a_version_of_its_token_when_it_carries_a_value(aws: LocalAws) -> None:
    arn, token = aws.new_secret(), str(uuid.uuid4())
    aws.secrets.update_secret(SecretId=arn, SecretString="second", ClientRequestToken=token)
    assert aws.labels(arn)["AWSCURRENT"] == token


def test_versions_stay_when_only_the_description_is_updated(aws: LocalAws) -> None:
    arn = aws.new_secret()
    before = aws.labels(arn)
    aws.secrets.update_secret(SecretId=arn, Description="told")
    assert aws.labels(arn) == before
    assert aws.secrets.describe_secret(SecretId=arn)["Description"] == "told"


def test_read_is_refused_when_version_and_stage_do_not_belong_together(aws: LocalAws) -> None:
    arn = aws.new_secret()
    current = aws.labels(arn)["AWSCURRENT"]
    with pytest.raises(aws.secrets.exceptions.InvalidRequestException, match="not associated"):
        aws.secrets.get_secret_value(SecretId=arn, VersionId=current, VersionStage="AWSPREVIOUS")


def test_read_is_refused_when_the_version_by_id_has_no_value(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="createSecret")
    token = aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)["VersionId"]
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException):
        aws.secrets.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
    aws.wait_for_event(arn, "RotationFailed")


@pytest.mark.parametrize("stage", ["AWSPENDING", "mine"])
def test_read_is_refused_when_no_version_has_the_stage(aws: LocalAws, stage: str) -> None:
    arn = aws.new_secret()
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException, match=f"staging label: {stage}"):
        aws.value(arn, stage)


def test_read_is_refused_when_the_secret_is_scheduled_for_deletion(aws: LocalAws) -> None:
    arn = aws.new_secret()
    aws.secrets.delete_secret(SecretId=arn, RecoveryWindowInDays=7)
    with pytest.raises(aws.secrets.exceptions.InvalidRequestException, match="marked for deletion"):
        aws.value(arn)


def test_batch_tells_each_error_when_one_secret_is_missing(aws: LocalAws) -> None:
    arn = aws.new_secret()
    answer = aws.secrets.batch_get_secret_value(SecretIdList=[arn, "test/missing"])
    assert [each["SecretString"] for each in answer["SecretValues"]] == ["first"]
    assert [each["ErrorCode"] for each in answer["Errors"]] == ["ResourceNotFoundException"]
