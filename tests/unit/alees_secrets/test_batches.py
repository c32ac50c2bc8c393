import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from alees_secrets import (
    SecretAccessDeniedError,
    SecretFields,
    SecretNotFoundError,
    SecretsError,
    SecretUnavailableError,
    SecretVersion,
    VersionStage,
)
from alees_secrets.naming import SecretName
from alees_secrets.source import AwsSecretSource
from tests.fakes.canary import CANARY

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = {"api_key": "new-key", "api_secret": CANARY}


def _names(count: int) -> list[SecretName]:
    return [SecretName("prod", f"api/service{number}/key") for number in range(count)]


def _fill(aws: "SecretsManagerClient", count: int) -> list[SecretName]:
    for name in _names(count):
        aws.create_secret(Name=str(name), SecretString=json.dumps(FIELDS))
    return _names(count)


@pytest.fixture
def sent(source: AwsSecretSource) -> Counter[str]:
    """How often each request was made."""
    made: Counter[str] = Counter()
    source._aws.client().meta.events.register(
        "before-call.secretsmanager.*", lambda model, **_: made.update([model.name])
    )
    return made


@pytest.mark.parametrize(("count", "requests"), [(2, 1), (20, 1), (21, 2), (45, 3)])
def test_twenty_are_read_with_one_request_when_there_are_many(
    aws: "SecretsManagerClient", source: AwsSecretSource, sent: Counter[str], count: int, requests: int
) -> None:
    names = _fill(aws, count)
    read = source.read_many(names)
    assert list(read) == names
    assert all(isinstance(each, SecretVersion) and each.fields == SecretFields(FIELDS) for each in read.values())
    assert sent == {"BatchGetSecretValue": requests}


def test_version_is_the_same_when_read_alone_or_together(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    name, other = _fill(aws, 2)
    assert source.read_many([name, other])[name] == source.read(name, VersionStage.CURRENT)


def _batch_answer(names: list[SecretName], errors: list[dict[str, str]]) -> dict[str, Any]:
    values = [{"Name": str(name), "SecretString": json.dumps(FIELDS), "VersionId": "v" * 32} for name in names]
    return {"SecretValues": [{**value, "CreatedDate": CREATED} for value in values], "Errors": errors}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ResourceNotFoundException", SecretNotFoundError),
        ("AccessDeniedException", SecretAccessDeniedError),
        ("DecryptionFailure", SecretAccessDeniedError),
        ("InternalServiceError", SecretUnavailableError),
    ],
)
def test_each_error_is_its_secrets_own_when_some_cannot_be_read(
    source: AwsSecretSource, code: str, error: type[SecretsError]
) -> None:
    one, other = _names(2)
    refused = {"SecretId": str(other), "ErrorCode": code, "Message": f"Value {CANARY} is refused"}
    with Stubber(source._aws.client()) as stub:
        stub.add_response("batch_get_secret_value", _batch_answer([one], [refused]))
        read = source.read_many([one, other])
    assert isinstance(read[one], SecretVersion)
    assert type(read[other]) is error
    assert str(other) in str(read[other])
    assert CANARY not in str(read[other])


def test_what_an_answer_left_out_is_read_alone_and_strangers_are_ignored(source: AwsSecretSource) -> None:
    one, other, stranger = _names(3)
    answer = {"SecretString": json.dumps(FIELDS), "VersionId": "v" * 32, "CreatedDate": CREATED}
    with Stubber(source._aws.client()) as stub:
        stub.add_response(
            "batch_get_secret_value", _batch_answer([one, stranger], [{"SecretId": "of-nobody", "ErrorCode": "X"}])
        )
        stub.add_response("get_secret_value", answer, {"SecretId": str(other), "VersionStage": "AWSCURRENT"})
        read = source.read_many([one, other])
    assert read[one] == read[other]
    assert list(read) == [one, other]


def _refuse(code: str) -> Any:
    def refuse(http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:  # noqa: ARG001
        parsed.clear()
        parsed.update({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {}})
        http_response.status_code = 403

    return refuse


def test_batches_are_asked_for_again_when_credentials_had_expired(
    aws: "SecretsManagerClient", source: AwsSecretSource, sent: Counter[str]
) -> None:
    names, expired = _fill(aws, 45), _refuse("ExpiredTokenException")
    events = source._aws.client().meta.events
    events.register("after-call.secretsmanager.*", expired)
    assert {type(each) for each in source.read_many(names).values()} == {SecretAccessDeniedError}
    assert sent == {"BatchGetSecretValue": 1, "GetSecretValue": 45}
    events.unregister("after-call.secretsmanager.*", expired)
    assert {type(each) for each in source.read_many(names).values()} == {SecretVersion}
    assert sent == {"BatchGetSecretValue": 4, "GetSecretValue": 45}


def test_secrets_are_read_one_by_one_from_then_on_when_batches_are_denied(
    aws: "SecretsManagerClient", source: AwsSecretSource, sent: Counter[str]
) -> None:
    names, deny = _fill(aws, 3), _refuse("AccessDeniedException")
    source._aws.client().meta.events.register("after-call.secretsmanager.BatchGetSecretValue", deny)
    for _ in range(2):
        assert all(isinstance(each, SecretVersion) for each in source.read_many(names).values())
    assert sent == {"BatchGetSecretValue": 1, "GetSecretValue": 6}


def test_all_are_unavailable_and_one_request_is_made_when_there_is_no_answer(
    source: AwsSecretSource, sent: Counter[str]
) -> None:
    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url=CANARY)

    source._aws.client().meta.events.register("before-call.secretsmanager.*", fail)
    read = source.read_many(_names(45))
    assert [type(each) for each in read.values()] == [SecretUnavailableError] * 45
    assert sent == {"BatchGetSecretValue": 1}
    assert CANARY not in "".join(map(str, read.values()))
