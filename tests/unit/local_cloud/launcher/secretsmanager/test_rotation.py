from typing import TYPE_CHECKING

import pytest

from tests.unit.local_cloud.local_aws import ALL_SECRETS, ROTATOR, LocalAws, wait_until

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.type_defs import RotationRulesTypeTypeDef

pytestmark = pytest.mark.servers

EVERY_DAY: "RotationRulesTypeTypeDef" = {"ScheduleExpression": "rate(1 day)"}


def _rotate(aws: LocalAws, rotator: str, arn: str) -> str:
    return aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)["VersionId"]


def test_four_steps_run_in_order_when_a_secret_rotates(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    _rotate(aws, rotator, arn)
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.steps(rotator, arn) == ["createSecret", "setSecret", "testSecret", "finishSecret"]


def test_pending_version_becomes_current_when_the_rotation_succeeds(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    before = aws.labels(arn)["AWSCURRENT"]
    token = _rotate(aws, rotator, arn)
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.labels(arn) == {"AWSCURRENT": token, "AWSPREVIOUS": before}


def test_answer_comes_at_once_when_the_function_is_slow(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(hold="createSecret")
    token = _rotate(aws, rotator, arn)
    assert aws.labels(arn)["AWSPENDING"] == token
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["hold"])
    aws.wait_for_event(arn, "RotationSucceeded")


def test_pending_version_has_no_value_when_createsecret_begins(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(hold="createSecret")
    _rotate(aws, rotator, arn)
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException, match="staging label: AWSPENDING"):
        aws.value(arn, "AWSPENDING")
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["hold"])
    aws.wait_for_event(arn, "RotationSucceeded")


def test_step_is_tried_again_when_it_failed(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail_once="setSecret")
    _rotate(aws, rotator, arn)
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.steps(rotator, arn).count("setSecret") == 2


def test_rotation_fails_when_a_step_failed_three_times(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="setSecret")
    _rotate(aws, rotator, arn)
    aws.wait_for_event(arn, "RotationFailed")
    assert aws.steps(rotator, arn) == ["createSecret", "setSecret", "setSecret", "setSecret"]


def test_pending_label_stays_when_the_rotation_failed(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="testSecret")
    token = _rotate(aws, rotator, arn)
    aws.wait_for_event(arn, "RotationFailed")
    assert aws.labels(arn)["AWSPENDING"] == token


def test_rotation_fails_when_finishsecret_leaves_the_label_where_it_was(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(skip="finishSecret")
    _rotate(aws, rotator, arn)
    aws.wait_for_event(arn, "RotationFailed")
    assert "RotationSucceeded" not in aws.events(arn)


def test_rotation_goes_on_when_the_same_token_is_sent_again(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="setSecret")
    token = _rotate(aws, rotator, arn)
    aws.wait_for_event(arn, "RotationFailed")
    made = aws.value(arn, "AWSPENDING")
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["fail"])
    aws.secrets.rotate_secret(SecretId=arn, ClientRequestToken=token)
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.value(arn) == made


def test_steps_run_once_when_the_same_token_is_sent_during_the_rotation(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(hold="setSecret")
    token = _rotate(aws, rotator, arn)
    aws.secrets.rotate_secret(SecretId=arn, ClientRequestToken=token)
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["hold"])
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.steps(rotator, arn) == ["createSecret", "setSecret", "testSecret", "finishSecret"]


def test_secrets_rotate_side_by_side_when_several_are_asked(aws: LocalAws, rotator: str) -> None:
    held, free = aws.new_secret(hold="createSecret"), aws.new_secret()
    _rotate(aws, rotator, held)
    _rotate(aws, rotator, free)
    aws.wait_for_event(free, "RotationSucceeded")
    assert "RotationSucceeded" not in aws.events(held)
    aws.secrets.untag_resource(SecretId=held, TagKeys=["hold"])
    aws.wait_for_event(held, "RotationSucceeded")


@pytest.mark.parametrize("change", ["put_secret_value", "update_secret"])
def test_rotation_is_abandoned_when_the_value_is_changed_by_hand(aws: LocalAws, rotator: str, change: str) -> None:
    arn = aws.new_secret(hold="setSecret")
    _rotate(aws, rotator, arn)
    wait_until(lambda: "createSecret" in aws.steps(rotator, arn), "createSecret did not end")
    getattr(aws.secrets, change)(SecretId=arn, SecretString="by hand")
    assert aws.events(arn)[-1] == "RotationAbandoned"
    assert "AWSPENDING" not in aws.labels(arn)
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["hold"])
    assert aws.value(arn) == "by hand"


def test_no_further_step_runs_when_rotation_is_cancelled(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(hold="setSecret")
    token = _rotate(aws, rotator, arn)
    wait_until(lambda: "createSecret" in aws.steps(rotator, arn), "createSecret did not end")
    aws.secrets.cancel_rotate_secret(SecretId=arn)
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["hold"])
    wait_until(lambda: "setSecret" in aws.steps(rotator, arn), "setSecret did not end")
    assert aws.secrets.describe_secret(SecretId=arn)["RotationEnabled"] is False
    assert aws.labels(arn)["AWSPENDING"] == token


def test_only_testsecret_runs_when_not_to_rotate_immediately(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator, RotationRules=EVERY_DAY, RotateImmediately=False)
    wait_until(lambda: "AWSPENDING" not in aws.labels(arn), "the test's version stayed")
    assert aws.steps(rotator, arn) == ["testSecret"]


def test_test_failed_is_reported_when_the_configuration_does_not_work(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="testSecret")
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator, RotationRules=EVERY_DAY, RotateImmediately=False)
    aws.wait_for_event(arn, "TestRotationFailed")
    assert "AWSPENDING" not in aws.labels(arn)


def test_rotation_fails_when_the_permission_to_invoke_is_taken_away(aws: LocalAws) -> None:
    arn = aws.new_secret(hold="createSecret")
    function = aws.new_function(ROTATOR, "rotator.handler", policy=ALL_SECRETS)
    aws.let_secrets_manager_invoke(function)
    _rotate(aws, function, arn)
    wait_until(lambda: aws.calls_of(function), "the function was not invoked")
    aws.functions.remove_permission(FunctionName=function, StatementId="rotation")
    aws.secrets.untag_resource(SecretId=arn, TagKeys=["hold"])
    aws.wait_for_event(arn, "RotationFailed")
    assert aws.steps(function, arn) == ["createSecret"]
