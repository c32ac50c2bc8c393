"""What IAM lets each role do in the local AWS."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_cloud.aws import new_session
from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers

OTHER = "alees/local/other/credentials"


@pytest.fixture(scope="module", autouse=True)
def other_secret(deployments: dict[str, Deployment]) -> None:
    """Another secret below the prefix, which no role may read."""
    deployments["Local"].client("secretsmanager").create_secret(Name=OTHER, SecretString="{}")


def _as_role(deployed: Deployment, role: str, service: str = "secretsmanager") -> Any:
    account = deployed.cloud.description.account
    assumed = deployed.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/alees/local/{role}", RoleSessionName="test"
    )["Credentials"]
    options = {
        **deployed.cloud.client_options,
        "aws_access_key_id": assumed["AccessKeyId"],
        "aws_secret_access_key": assumed["SecretAccessKey"],
        "aws_session_token": assumed["SessionToken"],
    }
    session: Any = new_session()
    return session.client(service, **options)


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
