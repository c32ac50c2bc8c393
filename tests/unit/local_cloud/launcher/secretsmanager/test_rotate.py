import uuid

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.local_aws import ALL_SECRETS, ROTATOR, LocalAws

pytestmark = pytest.mark.servers


def test_rotation_is_refused_when_no_function_is_known(aws: LocalAws) -> None:
    arn = aws.new_secret()
    with pytest.raises(aws.secrets.exceptions.InvalidRequestException, match="No Lambda rotation function"):
        aws.secrets.rotate_secret(SecretId=arn)


def test_rotation_is_refused_when_another_is_pending(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret(fail="createSecret")
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)
    aws.wait_for_event(arn, "RotationFailed")
    with pytest.raises(aws.secrets.exceptions.InvalidRequestException, match="A previous rotation isn't complete"):
        aws.secrets.rotate_secret(SecretId=arn)


def test_rotation_starts_when_pending_is_on_the_current_version(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    current = aws.labels(arn)["AWSCURRENT"]
    aws.secrets.update_secret_version_stage(SecretId=arn, VersionStage="AWSPENDING", MoveToVersionId=current)
    token = aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)["VersionId"]
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.labels(arn)["AWSCURRENT"] == token


def test_token_becomes_the_version_id_when_it_is_sent(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    token = str(uuid.uuid4())
    answer = aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator, ClientRequestToken=token)
    assert (answer["ARN"], answer["VersionId"]) == (arn, token)
    aws.wait_for_event(arn, "RotationSucceeded")


@pytest.mark.parametrize("account", [None, "999999999999"], ids=["no permission", "another account"])
def test_rotation_is_refused_when_the_function_does_not_admit_the_service(aws: LocalAws, account: str | None) -> None:
    arn = aws.new_secret()
    function = aws.new_function(ROTATOR, "rotator.handler", policy=ALL_SECRETS)
    if account:
        aws.let_secrets_manager_invoke(function, account)
    with pytest.raises(ClientError, match="cannot invoke the specified Lambda function") as refused:
        aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=function)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def test_nothing_is_kept_when_the_rules_are_wrong(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    with pytest.raises(aws.secrets.exceptions.InvalidParameterException, match="at most every 4 hours"):
        aws.secrets.rotate_secret(
            SecretId=arn, RotationLambdaARN=rotator, RotationRules={"ScheduleExpression": "rate(3 hours)"}
        )
    described = aws.secrets.describe_secret(SecretId=arn)
    assert not {"RotationLambdaARN", "RotationRules"} & described.keys()
    assert described["RotationEnabled"] is False


def test_caller_is_denied_when_it_may_rotate_but_not_invoke(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)
    aws.wait_for_event(arn, "RotationSucceeded")
    operator = aws.role_client("rotates-only", ALL_SECRETS)
    with pytest.raises(ClientError, match="lambda:InvokeFunction") as refused:
        operator.rotate_secret(SecretId=arn)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def test_caller_rotates_when_it_may_invoke_the_function_too(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": rotator}
    operator = aws.role_client("rotates-and-invokes", {**ALL_SECRETS, "Statement": [*ALL_SECRETS["Statement"], invoke]})
    operator.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)
    aws.wait_for_event(arn, "RotationSucceeded")


def test_nothing_starts_when_the_token_is_of_a_rotation_that_is_over(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    token = aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)["VersionId"]
    aws.wait_for_event(arn, "RotationSucceeded")
    for immediately in (True, False):
        aws.secrets.rotate_secret(SecretId=arn, ClientRequestToken=token, RotateImmediately=immediately)
    assert aws.events(arn) == ["RotationStarted", "RotationSucceeded"]
    assert aws.labels(arn)["AWSCURRENT"] == token


def test_rotation_is_off_when_it_was_cancelled(aws: LocalAws, rotator: str) -> None:
    arn = aws.new_secret()
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)
    aws.wait_for_event(arn, "RotationSucceeded")
    answer = aws.secrets.cancel_rotate_secret(SecretId=arn)
    assert answer["ARN"] == arn
    assert "LastRotatedDate" not in aws.secrets.describe_secret(SecretId=arn)
