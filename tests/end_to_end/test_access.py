"""What IAM lets each role do in the local AWS."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from alees_secrets import AwsSecretSource, SecretsManager, Settings
from local_cloud.aws import caller_environment_without_aws, new_session
from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).parents[2]
OTHER = "alees/local/other/credentials"


@pytest.fixture(scope="module", autouse=True)
def other_secret(deployments: dict[str, Deployment]) -> None:
    """Another secret below the prefix, which no role may read."""
    deployments["Local"].client("secretsmanager").create_secret(Name=OTHER, SecretString="{}")


def _as_role(deployed: Deployment, role: str) -> Any:
    return _client("secretsmanager", _assume(deployed, deployed.cloud.client_options, f"alees/local/{role}"))


def _client(service: str, options: Mapping[str, Any]) -> Any:
    session: Any = new_session()
    return session.client(service, **options)


def _assume(deployed: Deployment, options: Mapping[str, Any], role: str) -> dict[str, Any]:
    """Return a client's options as a role that the caller with *options* may assume."""
    assumed = _client("sts", options).assume_role(
        RoleArn=f"arn:aws:iam::{deployed.cloud.description.account}:role/{role}", RoleSessionName="test"
    )["Credentials"]
    return {
        **options,
        "aws_access_key_id": assumed["AccessKeyId"],
        "aws_secret_access_key": assumed["SecretAccessKey"],
        "aws_session_token": assumed["SessionToken"],
    }


def _person(deployed: Deployment, name: str) -> dict[str, Any]:
    """Return the options of somebody whom Identity Center lets in with a role of that name."""
    iam, path = deployed.client("iam"), "/aws-reserved/sso.amazonaws.com/eu-central-1/"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": deployed.cloud.description.account}}
    everything = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    iam.create_role(
        RoleName=name,
        Path=path,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    iam.put_role_policy(
        RoleName=name,
        PolicyName="assume",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everything]}),
    )
    return _assume(deployed, deployed.cloud.client_options, path.strip("/") + "/" + name)


@pytest.fixture(scope="module")
def operator(deployments: dict[str, Deployment]) -> Any:
    """A client with the operator's role, which somebody on call has taken on."""
    deployed = deployments["Local"]
    person = _person(deployed, "AWSReservedSSO_LocalOnCall_0123456789abcdef")
    return _client("secretsmanager", _assume(deployed, person, "alees/local/alees-local-operator"))


def _denied(call: Any, **arguments: Any) -> bool:
    code = None
    try:
        call(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
    assert code in {None, "AccessDeniedException"}
    return code is not None


@pytest.fixture
def application(deployed: Deployment) -> Any:
    """A client with the ERP's own role."""
    return _as_role(deployed, "alees-local-application")


@pytest.fixture
def rotation(deployed: Deployment) -> Any:
    """A client with the rotation function's role."""
    return _as_role(deployed, "alees-local-database-rotation")


@pytest.mark.parametrize("arguments", [{}, {"VersionStage": "AWSCURRENT"}, {"VersionStage": "AWSPREVIOUS"}])
def test_the_application_reads_its_secret_when_it_asks_for_a_stage_in_use(
    deployed: Deployment, application: Any, arguments: dict[str, str]
) -> None:
    answer = application.get_secret_value(SecretId=deployed.name("database/credentials"), **arguments)

    assert answer["Name"] == deployed.name("database/credentials")


def test_the_application_is_denied_when_it_asks_for_the_pending_stage_or_a_version(
    deployed: Deployment, application: Any
) -> None:
    name = deployed.name("database/credentials")
    version = next(iter(deployed.labels("database/credentials")))

    assert _denied(application.get_secret_value, SecretId=name, VersionStage="AWSPENDING")
    assert _denied(application.get_secret_value, SecretId=name, VersionId=version)
    assert _denied(application.get_secret_value, SecretId=name, VersionId=version, VersionStage="AWSCURRENT")


def test_the_application_is_denied_when_it_writes_rotates_or_reads_another_path(
    deployed: Deployment, application: Any
) -> None:
    name = deployed.name("database/credentials")

    assert _denied(application.put_secret_value, SecretId=name, SecretString="{}")
    assert _denied(application.rotate_secret, SecretId=name)
    assert _denied(application.update_secret_version_stage, SecretId=name, VersionStage="x", MoveToVersionId="y" * 32)
    assert _denied(application.delete_secret, SecretId=name)
    assert _denied(application.get_secret_value, SecretId=OTHER)
    assert _denied(application.get_secret_value, SecretId=deployed.environment.database.admin_secret)
    assert _denied(application.list_secrets)


def test_the_application_reads_its_own_secrets_and_no_other_when_it_asks_for_several(
    deployed: Deployment, application: Any
) -> None:
    own = [deployed.name("database/credentials"), deployed.name("jwt/credentials")]

    answer = application.batch_get_secret_value(SecretIdList=[*own, OTHER])

    assert sorted(value["Name"] for value in answer["SecretValues"]) == own
    assert all("AWSCURRENT" in value["VersionStages"] for value in answer["SecretValues"])
    assert [(error["SecretId"], error["ErrorCode"]) for error in answer["Errors"]] == [(OTHER, "AccessDeniedException")]


def test_the_client_reads_all_secrets_with_one_request_when_it_has_the_applications_role(
    deployed: Deployment, application: Any
) -> None:
    sent: list[str] = []
    application.meta.events.register("before-call.secretsmanager.*", lambda model, **_: sent.append(model.name))
    settings = Settings(environment="local", region=deployed.cloud.description.region)
    manager = SecretsManager(settings, source=AwsSecretSource(settings.region, client=application))

    manager.preload(["database/credentials", "jwt/credentials"])

    assert dict(manager.get_secret("database/credentials")) == deployed.value()
    assert sent == ["BatchGetSecretValue"]
    assert manager.signing_key().kid in deployed.labels("jwt/credentials")


def test_the_application_is_denied_when_its_request_comes_without_tls(deployed: Deployment, application: Any) -> None:
    def without_tls(request: Any, **_: Any) -> None:
        request.headers["X-Forwarded-Proto"] = "http"

    application.meta.events.register("before-send.secretsmanager.GetSecretValue", without_tls)

    assert _denied(application.get_secret_value, SecretId=deployed.name("database/credentials"))


def test_the_rotation_function_reads_its_own_secret_and_the_admins_and_no_other(
    deployed: Deployment, rotation: Any
) -> None:
    assert not _denied(rotation.get_secret_value, SecretId=deployed.name("database/credentials"))
    assert not _denied(rotation.get_secret_value, SecretId=deployed.environment.database.admin_secret)
    for other in (OTHER, deployed.name("jwt/credentials"), deployed.name("email/credentials")):
        assert _denied(rotation.get_secret_value, SecretId=other)
    assert _denied(rotation.put_secret_value, SecretId=OTHER, SecretString="{}")
    assert _denied(rotation.put_secret_value, SecretId=deployed.environment.database.admin_secret, SecretString="{}")
    assert _denied(rotation.rotate_secret, SecretId=deployed.name("database/credentials"))


@pytest.mark.parametrize(
    "name", ["AWSReservedSSO_Developers_0123456789abcdef", "AWSReservedSSO_LocalOnCall_Not_0123456789abcdef"]
)
def test_nobody_else_takes_on_the_operators_role(deployed: Deployment, name: str) -> None:
    person = _person(deployed, name)

    with pytest.raises(ClientError, match="AccessDenied"):
        _assume(deployed, person, "alees/local/alees-local-operator")


def test_the_operator_sees_and_rotates_and_reads_no_value(deployed: Deployment, operator: Any) -> None:
    name = deployed.name("jwt/credentials")
    labels = deployed.labels("jwt/credentials")

    assert _denied(operator.get_secret_value, SecretId=name)
    assert _denied(operator.put_secret_value, SecretId=name, SecretString="{}")
    assert _denied(operator.rotate_secret, SecretId=OTHER)
    assert not _denied(operator.list_secrets)
    assert not _denied(operator.describe_secret, SecretId=deployed.name("email/credentials"))
    version = operator.rotate_secret(SecretId=name)["VersionId"]
    deployed.wait_for(lambda: "AWSCURRENT" in deployed.labels("jwt/credentials").get(version, []))
    assert version not in labels


def test_the_operators_role_suffices_for_the_command_line(deployments: dict[str, Deployment]) -> None:
    deployed = deployments["Prod"]
    person = _person(deployed, "AWSReservedSSO_AleesOnCall_0123456789abcdef")
    options = _assume(deployed, person, "alees/prod/alees-prod-operator")
    environment = {
        **caller_environment_without_aws(),
        "AWS_ENDPOINT_URL": options["endpoint_url"],
        "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
        "AWS_SESSION_TOKEN": options["aws_session_token"],
    }

    why = ["--reason", "a test", "--incident", "INC-7", "--yes"]
    jwt = json.dumps({"secret_key": "k" * 43, "algorithm": "HS256"})
    for command in (
        ["status"],
        ["rotate", "jwt/credentials", *why],
        ["rollback", "jwt/credentials", *why],
        ["revoke", "jwt/credentials", *why],
        ["rotate", "--emergency", "--kind", "database", *why],
        ["set", "jwt/credentials", *why],
        ["recover", *why],
        ["adopt", "erp"],
    ):
        done = subprocess.run(
            [str(PROJECT / "alees-secrets"), *command, "--environment", "Prod", "--json"],
            env=environment,
            input=jwt,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or "allowed is a role of the server" in done.stderr, done.stdout + done.stderr


def test_the_operator_is_denied_a_rotation_by_another_function_or_schedule(deployed: Deployment, operator: Any) -> None:
    name = deployed.name("jwt/credentials")
    database, jwt = (
        deployed.client("secretsmanager").describe_secret(SecretId=deployed.name(path))["RotationLambdaARN"]
        for path in ("database/credentials", "jwt/credentials")
    )

    assert _denied(operator.rotate_secret, SecretId=name, RotationLambdaARN=database)
    assert _denied(operator.rotate_secret, SecretId=name, RotationRules={"AutomaticallyAfterDays": 900})
    assert deployed.client("secretsmanager").describe_secret(SecretId=name)["RotationLambdaARN"] == jwt


def test_an_administrator_outside_the_named_roles_is_denied_the_value(deployed: Deployment) -> None:
    iam = deployed.client("iam")
    account = deployed.cloud.description.account
    iam.create_role(
        RoleName="administrator",
        Path="/alees/local/",
        AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        f'"Principal":{{"AWS":"arn:aws:iam::{account}:root"}}}}]}}',
    )
    iam.put_role_policy(
        RoleName="administrator",
        PolicyName="everything",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    )
    administrator = _as_role(deployed, "administrator")
    name = deployed.name("database/credentials")

    assert _denied(administrator.get_secret_value, SecretId=name)
    assert not _denied(administrator.describe_secret, SecretId=name)
    assert not _denied(administrator.get_resource_policy, SecretId=name)


@pytest.mark.parametrize("operation", ["get_secret_value", "describe_secret"])
def test_a_caller_without_a_role_is_refused(deployed: Deployment, operation: str) -> None:
    session: Any = new_session()
    options = {**deployed.cloud.client_options, "aws_access_key_id": "nobody", "aws_secret_access_key": "nothing"}
    client = session.client("secretsmanager", **options)

    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(SecretId=deployed.name("database/credentials"))

    assert caught.value.response["Error"]["Code"] in {"UnrecognizedClientException", "InvalidClientTokenId"}
