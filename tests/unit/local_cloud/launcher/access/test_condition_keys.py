import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.local_aws import ALL_SECRETS, LocalAws

pytestmark = pytest.mark.servers

Condition = dict[str, dict[str, Any]]


def _is_allowed(client: Any, method: str, **call: Any) -> bool:
    """Tell whether IAM lets a call through; what the service then says of it does not matter."""
    try:
        getattr(client, method)(**call)
    except ClientError as error:
        return error.response["Error"]["Code"] != "AccessDeniedException"
    return True


def _role_with(aws: LocalAws, condition: Condition) -> Any:
    statement = {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*", "Condition": condition}
    return aws.role_client(str(uuid.uuid4()), {"Version": "2012-10-17", "Statement": [statement]})


CURRENT_ONLY = {"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}}


def test_read_is_allowed_when_the_stage_is_the_one_in_the_condition(aws: LocalAws) -> None:
    role = _role_with(aws, CURRENT_ONLY)
    assert _is_allowed(role, "get_secret_value", SecretId=aws.new_secret(), VersionStage="AWSCURRENT")


@pytest.mark.parametrize("call", [{}, {"VersionStage": "AWSPREVIOUS"}], ids=["no stage", "another stage"])
def test_read_is_denied_when_the_stage_is_not_the_one_in_the_condition(aws: LocalAws, call: dict[str, str]) -> None:
    role = _role_with(aws, CURRENT_ONLY)
    assert not _is_allowed(role, "get_secret_value", SecretId=aws.new_secret(), **call)


def test_read_by_version_id_is_denied_when_the_condition_wants_none(aws: LocalAws) -> None:
    arn = aws.new_secret()
    role = _role_with(aws, {"Null": {"secretsmanager:VersionId": "true"}})
    assert _is_allowed(role, "get_secret_value", SecretId=arn)
    assert not _is_allowed(role, "get_secret_value", SecretId=arn, VersionId=aws.labels(arn)["AWSCURRENT"])


PARAMETERS = [
    ("delete_secret", "ForceDeleteWithoutRecovery", "Bool", True, {}),
    ("delete_secret", "RecoveryWindowInDays", "NumericEquals", 7, {}),
    ("put_resource_policy", "BlockPublicPolicy", "Bool", True, {"ResourcePolicy": '{"Statement":[]}'}),
    ("update_secret", "KmsKeyId", "StringEquals", "alias/own", {}),
    ("update_secret", "Description", "StringEquals", "told", {}),
    ("rotate_secret", "RotateImmediately", "Bool", True, {}),
]


@pytest.mark.parametrize(("method", "key", "operator", "value", "rest"), PARAMETERS, ids=lambda each: str(each)[:26])
def test_parameter_decides_when_the_condition_names_its_key(
    aws: LocalAws, method: str, key: str, operator: str, value: Any, rest: dict[str, Any]
) -> None:
    role = _role_with(aws, {operator: {f"secretsmanager:{key}": str(value).lower() if value is True else str(value)}})
    arn = aws.new_secret()
    assert not _is_allowed(role, method, SecretId=arn, **rest)
    assert _is_allowed(role, method, SecretId=arn, **rest, **{key: value})


def test_name_decides_when_a_secret_is_created(aws: LocalAws) -> None:
    role = _role_with(aws, {"StringLike": {"secretsmanager:Name": "test/allowed/*"}})
    assert _is_allowed(role, "create_secret", Name="test/allowed/one", SecretString="x")
    assert not _is_allowed(role, "create_secret", Name="test/other/one", SecretString="x")


def test_tag_of_the_secret_decides_when_the_condition_names_it(aws: LocalAws) -> None:
    role = _role_with(aws, {"StringEquals": {"secretsmanager:ResourceTag/team": "erp"}})
    assert _is_allowed(role, "get_secret_value", SecretId=aws.new_secret(team="erp"))
    assert not _is_allowed(role, "get_secret_value", SecretId=aws.new_secret())


def test_rotation_function_of_the_secret_decides_when_the_condition_names_it(aws: LocalAws, rotator: str) -> None:
    role = _role_with(aws, {"ArnEquals": {"secretsmanager:resource/AllowRotationLambdaArn": rotator}})
    arn = aws.new_secret()
    assert not _is_allowed(role, "get_secret_value", SecretId=arn)
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)
    assert _is_allowed(role, "get_secret_value", SecretId=arn)
    aws.wait_for_event(arn, "RotationSucceeded")


def _deny_unless(aws: LocalAws, arn: str, condition: Condition) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
        "Condition": condition,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.secrets.put_resource_policy(SecretId=arn, ResourcePolicy=policy)


def test_role_is_known_by_its_own_arn_with_its_path_when_a_session_of_it_calls(aws: LocalAws) -> None:
    arn = aws.new_secret()
    named = {"aws:PrincipalArn": "arn:aws:iam::000000000000:role/alees/test/*"}
    _deny_unless(aws, arn, {"ArnNotLike": named})
    inside = aws.role_client(str(uuid.uuid4()), ALL_SECRETS, path="/alees/test/")
    outside = aws.role_client(str(uuid.uuid4()), ALL_SECRETS)
    assert _is_allowed(inside, "get_secret_value", SecretId=arn)
    assert not _is_allowed(outside, "get_secret_value", SecretId=arn)


@pytest.mark.parametrize(("transport", "allowed"), [(None, True), ("http", False)])
def test_transport_counts_as_tls_when_the_request_does_not_say_otherwise(
    aws: LocalAws, transport: str | None, *, allowed: bool
) -> None:
    arn = aws.new_secret()
    _deny_unless(aws, arn, {"Bool": {"aws:SecureTransport": "false"}})
    role: Any = aws.role_client(str(uuid.uuid4()), ALL_SECRETS)
    if transport:
        role.meta.events.register(
            "before-send.*", lambda request, **_: request.headers.update({"X-Forwarded-Proto": transport})
        )
    assert _is_allowed(role, "get_secret_value", SecretId=arn) is allowed
