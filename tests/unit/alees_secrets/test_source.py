import json
import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError
from botocore.stub import ANY, Stubber
from moto import mock_aws

from alees_secrets import (
    InvalidSecretError,
    SecretDamagedError,
    SecretExistsError,
    SecretFields,
    SecretNotFoundError,
    SecretNotInitializedError,
    SecretsError,
    SecretsManager,
    SecretUnavailableError,
    Settings,
    VersionStage,
)
from alees_secrets.kinds import PLACEHOLDER_TEMPLATE
from alees_secrets.naming import SecretName
from alees_secrets.source import AwsSecretSource
from alees_secrets.versions import new_token
from tests.fakes.canary import CANARY, exception_texts

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NAME = SecretName("prod", "api/new-service/key")
FIELDS = SecretFields({"api_key": "new-key", "api_secret": CANARY})
OTHER_FIELDS = SecretFields({"api_key": "other-key", "api_secret": "other"})
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
VERSION = "00000000-0000-4000-8000-000000000001"

FORK = """
import os
from alees_secrets.source import AwsSecretSource
from alees_secrets.versions import new_token
source = AwsSecretSource("eu-central-1")
client = source._aws.client()
assert source._aws.client() is client
if os.fork() == 0:
    os._exit(10 if source._aws.client() is client else 11)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_fields_are_read_when_created(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    source.create(NAME, FIELDS, new_token())
    assert source.read(NAME, VersionStage.CURRENT).fields == FIELDS
    assert len(aws.list_secret_version_ids(SecretId=str(NAME))["Versions"]) == 1


def test_key_and_tags_are_the_environments_when_created(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    source.create(NAME, FIELDS, new_token())
    described = aws.describe_secret(SecretId=str(NAME))
    assert described["KmsKeyId"] == "alias/alees/prod/api"
    assert {tag["Key"]: tag["Value"] for tag in described["Tags"]} == {
        "alees:environment": "prod",
        "alees:kind": "api",
        "alees:managed-by": "client",
    }


def test_old_value_is_previous_when_updated(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    aws.create_secret(Name=str(NAME), SecretString=json.dumps(dict(FIELDS)))
    source.update(NAME, OTHER_FIELDS, new_token())
    assert source.read(NAME, VersionStage.CURRENT).fields == OTHER_FIELDS
    assert source.read(NAME, VersionStage.PREVIOUS).fields == FIELDS


@pytest.mark.usefixtures("aws")
def test_existing_secret_is_told_and_unchanged_when_created_again(source: AwsSecretSource) -> None:
    source.create(NAME, FIELDS, new_token())
    with pytest.raises(SecretExistsError, match=f"{NAME} exists already in eu-central-1; change it with update_secret"):
        source.create(NAME, OTHER_FIELDS, new_token())
    assert source.read(NAME, VersionStage.CURRENT).fields == FIELDS


@pytest.mark.usefixtures("aws")
def test_absence_is_told_when_there_is_no_secret(source: AwsSecretSource) -> None:
    with pytest.raises(SecretNotFoundError, match=f"no secret {NAME} in eu-central-1"):
        source.read(NAME, VersionStage.CURRENT)
    with pytest.raises(SecretNotFoundError, match=f"no secret {NAME} in eu-central-1"):
        source.update(NAME, FIELDS, new_token())
    with pytest.raises(SecretNotFoundError, match=f"no secret {NAME} in eu-central-1"):
        source.rotate(NAME, None)


@pytest.mark.usefixtures("aws")
def test_absence_is_told_when_there_is_no_version_at_the_stage(source: AwsSecretSource) -> None:
    source.create(NAME, FIELDS, new_token())
    with pytest.raises(SecretNotFoundError, match="or no version of it at the stage asked for"):
        source.read(NAME, VersionStage.PENDING)


def test_restoring_is_named_when_secret_is_scheduled_for_deletion(
    aws: "SecretsManagerClient", source: AwsSecretSource
) -> None:
    source.create(NAME, FIELDS, new_token())
    aws.delete_secret(SecretId=str(NAME))
    command = f"aws secretsmanager restore-secret --region eu-central-1 --secret-id {NAME}"
    with pytest.raises(SecretNotFoundError, match=f"scheduled for deletion; restore it with: {command}"):
        source.read(NAME, VersionStage.CURRENT)


def test_placeholder_is_told_when_read(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    aws.create_secret(Name=str(NAME), SecretString=PLACEHOLDER_TEMPLATE)
    with pytest.raises(SecretNotInitializedError, match=r"\./alees-secrets rotate api/new-service/key --reason "):
        source.read(NAME, VersionStage.CURRENT)


def test_damage_is_told_when_value_is_binary(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    aws.create_secret(Name=str(NAME), SecretBinary=CANARY.encode())
    with pytest.raises(SecretDamagedError, match="is not a JSON object"):
        source.read(NAME, VersionStage.CURRENT)


@pytest.mark.usefixtures("aws")
def test_nothing_is_created_when_value_is_too_long(source: AwsSecretSource) -> None:
    with pytest.raises(InvalidSecretError, match="65536"):
        source.create(NAME, SecretFields({"api_key": "key", "api_secret": "s" * 65_536}), new_token())
    with pytest.raises(SecretNotFoundError):
        source.read(NAME, VersionStage.CURRENT)


def test_stage_and_no_version_id_are_sent_when_read(source: AwsSecretSource) -> None:
    with Stubber(source._aws.client()) as stub:
        stub.add_response(
            "get_secret_value",
            {"SecretString": json.dumps(dict(FIELDS)), "VersionId": VERSION, "CreatedDate": CREATED},
            {"SecretId": str(NAME), "VersionStage": "AWSCURRENT"},
        )
        assert source.read(NAME, VersionStage.CURRENT).fields == FIELDS


def test_token_is_the_version_when_rotation_is_taken_up(source: AwsSecretSource) -> None:
    with Stubber(source._aws.client()) as stub:
        stub.add_response(
            "rotate_secret", {"VersionId": VERSION}, {"SecretId": str(NAME), "ClientRequestToken": VERSION}
        )
        assert source.rotate(NAME, VERSION) == VERSION


def test_labels_are_those_of_each_version_when_asked_for(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    source.create(NAME, FIELDS, VERSION)
    source.update(NAME, OTHER_FIELDS, VERSION[:-1] + "2")
    assert source.labels(NAME) == {VERSION: ["AWSPREVIOUS"], VERSION[:-1] + "2": ["AWSCURRENT"]}
    assert len(aws.list_secret_version_ids(SecretId=str(NAME))["Versions"]) == 2


def test_nothing_changes_when_an_update_is_sent_again_with_its_token(
    aws: "SecretsManagerClient", source: AwsSecretSource
) -> None:
    source.create(NAME, FIELDS, VERSION)
    for _ in range(2):
        source.update(NAME, OTHER_FIELDS, VERSION[:-1] + "2")
    assert len(aws.list_secret_version_ids(SecretId=str(NAME))["Versions"]) == 2
    assert source.read(NAME, VersionStage.PREVIOUS).fields == FIELDS


def test_schedule_is_left_alone_when_rotated(source: AwsSecretSource) -> None:
    with Stubber(source._aws.client()) as stub:
        stub.add_response("rotate_secret", {"VersionId": VERSION}, {"SecretId": str(NAME), "ClientRequestToken": ANY})
        assert source.rotate(NAME, None) == VERSION


def test_tokens_are_sent_and_differ_when_updated_twice(aws: "SecretsManagerClient", source: AwsSecretSource) -> None:
    aws.create_secret(Name=str(NAME), SecretString=json.dumps(dict(FIELDS)))
    sent: list[Any] = []
    source._aws.client().meta.events.register(
        "provide-client-params.*.PutSecretValue", lambda params, **_: sent.append(params["ClientRequestToken"])
    )
    source.update(NAME, FIELDS, new_token())
    source.update(NAME, FIELDS, new_token())
    assert len(set(sent)) == 2


def test_waits_are_short_and_attempts_three_when_client_is_made(source: AwsSecretSource) -> None:
    config: Any = source._aws.client().meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 5)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


def test_client_is_kept_and_its_own_when_process_forks() -> None:
    checkout = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", FORK], cwd=checkout, capture_output=True, text=True, check=True)
    assert done.stdout == "11\n"


def test_given_client_is_used_when_there_is_one(aws: "SecretsManagerClient") -> None:
    aws.create_secret(Name=str(NAME), SecretString=json.dumps(dict(FIELDS)))
    sent: list[object] = []
    aws.meta.events.register("provide-client-params.*.GetSecretValue", lambda params, **_: sent.append(params))
    assert AwsSecretSource("eu-central-1", client=aws).read(NAME, VersionStage.CURRENT).fields == FIELDS
    assert len(sent) == 1


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "InvalidParameterException"])
@pytest.mark.parametrize("operation", ["get_secret_value", "create_secret", "put_secret_value", "rotate_secret"])
def test_nothing_of_boto3_is_in_the_chain_when_aws_refuses(source: AwsSecretSource, operation: str, code: str) -> None:
    calls: dict[str, Callable[[], object]] = {
        "get_secret_value": lambda: source.read(NAME, VersionStage.CURRENT),
        "create_secret": lambda: source.create(NAME, FIELDS, new_token()),
        "put_secret_value": lambda: source.update(NAME, FIELDS, new_token()),
        "rotate_secret": lambda: source.rotate(NAME, None),
    }
    with Stubber(source._aws.client()) as stub:
        stub.add_client_error(operation, service_error_code=code, service_message=f"Value {CANARY} is refused")
        with pytest.raises(SecretsError, match=code) as caught:
            calls[operation]()
    _assert_alone(caught.value)


@pytest.mark.parametrize("error", [EndpointConnectionError(endpoint_url=CANARY), NoCredentialsError()])
def test_nothing_of_boto3_is_in_the_chain_when_aws_is_silent(source: AwsSecretSource, error: Exception) -> None:
    def fail(**_: object) -> None:
        raise error

    source._aws.client().meta.events.register("before-call.secretsmanager.*", fail)
    with pytest.raises(SecretUnavailableError, match=type(error).__name__) as caught:
        source.read(NAME, VersionStage.CURRENT)
    _assert_alone(caught.value)


def test_nothing_of_json_is_in_the_chain_when_value_is_damaged(
    aws: "SecretsManagerClient", source: AwsSecretSource
) -> None:
    aws.create_secret(Name=str(NAME), SecretString=f'{{"api_secret": "{CANARY}"')
    with pytest.raises(SecretDamagedError) as caught:
        source.read(NAME, VersionStage.CURRENT)
    _assert_alone(caught.value)


@pytest.mark.parametrize("given", [True, False], ids=["given", "own"])
def test_no_value_is_logged_when_everything_is(
    aws: "SecretsManagerClient", caplog: pytest.LogCaptureFixture, *, given: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    source = AwsSecretSource("eu-central-1", client=aws) if given else AwsSecretSource("eu-central-1")
    source.create(NAME, FIELDS, new_token())
    source.update(NAME, FIELDS, new_token())
    source.read(NAME, VersionStage.CURRENT)
    source.read_many([NAME])
    assert [each.name for each in caplog.records if CANARY in f"{each.getMessage()} {each.args}"] == []


def test_values_are_logged_when_a_call_is_not_the_clients(
    aws: "SecretsManagerClient", source: AwsSecretSource, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    source.create(NAME, FIELDS, new_token())
    aws.get_secret_value(SecretId=str(NAME))
    assert {each.name.partition(".")[0] for each in caplog.records if CANARY in each.getMessage()} == {"botocore"}


def test_canary_is_found_when_an_error_is_chained() -> None:
    def chained() -> None:
        try:
            json.loads(CANARY)
        except ValueError:
            raise SecretDamagedError("damaged") from None

    with pytest.raises(SecretDamagedError) as caught:
        chained()
    assert CANARY in "".join(exception_texts(caught.value))


def test_seed_calls_work_when_source_is_aws(aws: "SecretsManagerClient", monkeypatch: pytest.MonkeyPatch) -> None:
    aws.create_secret(Name="alees/prod/email/credentials", SecretString=PLACEHOLDER_TEMPLATE)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_SECRETS_PREFIX", "alees/prod/")
    monkeypatch.delenv("ALEES_ENVIRONMENT", raising=False)
    manager = SecretsManager()
    fields: dict[str, str | int] = {"host": "new-host", "port": 587, "username": "new-user", "password": CANARY}
    manager.update_secret("email/credentials", fields)
    assert manager.get_secret("email/credentials") == fields


def test_settings_region_is_asked_when_manager_is_made() -> None:
    with mock_aws():
        manager = SecretsManager(Settings(environment="prod", region="us-east-1"))
        with pytest.raises(SecretNotFoundError, match="in us-east-1"):
            manager.get_secret("jwt/credentials")


def _assert_alone(error: BaseException) -> None:
    assert CANARY not in "".join(exception_texts(error))
    assert error.__cause__ is None
    assert error.__context__ is None
