"""Each check fails in an account where nothing is protected, replicated, locked, delivered or rotated."""

import io
import json
import socketserver
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.prove.__main__ import look
from tests.prove.checks.check import Verdict
from tests.prove.checks.registry import CHECKS
from tests.prove.sandbox import Sandbox
from tests.unit.prove.fake_stacks import FakeSession

SEEN = {
    "secrets-have-their-keys": "0 of 4 secrets under their own keys",
    "first-rotations": "not after 10 minutes: jwt/credentials, api/partners/key",
    "application-reads": "GetSecretValue answered ResourceNotFoundException",
    "version-id-is-denied": "denied 0 of 2 times",
    "administrator-is-denied": "the value is allowed",
    "key-is-refused-outside": "kms:Encrypt is allowed",
    "second-rotation": "GetSecretValue answered ResourceNotFoundException",
    "replicas-in-sync": "not: database/credentials, jwt/credentials, email/credentials, api/partners/key",
    "backups-are-locked": "GetObjectLockConfiguration answered ObjectLockConfigurationNotFoundError",
    "failed-rotation": "no alert in 20 minutes after 0 tries, then the same version is current",
    "trail-delivers": "not logging, no RotateSecret after 20 minutes",
}


def _function(sandbox: Sandbox, role: str) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("handler.py", "")
    arn: str = sandbox.client("lambda").create_function(
        FunctionName="rotation",
        Runtime="python3.12",
        Handler="handler.handler",
        Role=role,
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"JWT_ALGORITHM": "HS512"}},
    )["FunctionArn"]
    return arn


def _trail(sandbox: Sandbox) -> str:
    """Make a trail that is not started, and return its name."""
    sandbox.client("logs").create_log_group(logGroupName="trail")
    place = {"LocationConstraint": "eu-central-1"}
    sandbox.client("s3").create_bucket(Bucket="trail", CreateBucketConfiguration=place)
    name: str = sandbox.client("cloudtrail").create_trail(Name="alees-secrets", S3BucketName="trail")["Name"]
    return name


@pytest.fixture
def unprotected(session: FakeSession, sandbox: Sandbox) -> Sandbox:
    """The sandbox with everything there, and every mistake made."""
    role = sandbox.client("iam").create_role(
        RoleName="alees-sandbox-application", Path="/alees/sandbox/", AssumeRolePolicyDocument="{}"
    )["Role"]["Arn"]
    kms, secrets = sandbox.client("kms"), sandbox.client("secretsmanager")
    for domain in ("database", "jwt", "email", "api"):
        kms.create_alias(
            AliasName=f"alias/alees/sandbox/{domain}", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"]
        )
    for path in sandbox.environment.secret_paths:
        secrets.create_secret(Name=sandbox.secret(path), SecretString=json.dumps({"username": "same"}))
    secrets.put_secret_value(SecretId=sandbox.secret("database/credentials"), SecretString='{"username": "same"}')
    secrets.rotate_secret(
        SecretId=sandbox.secret("jwt/credentials"), RotationLambdaARN=_function(sandbox, role), RotateImmediately=False
    )
    stacks = session.regions["eu-central-1"].made
    stacks["AleesSecretsAccount"] = [("AWS::Logs::LogGroup", "trail"), ("AWS::CloudTrail::Trail", _trail(sandbox))]
    stacks["AleesSecretsSandbox"] = [
        ("AWS::SNS::Topic", sandbox.client("sns").create_topic(Name="x-AlertsTopic")["TopicArn"])
    ]
    place = {"LocationConstraint": "eu-west-1"}
    sandbox.client("s3", "eu-west-1").create_bucket(Bucket="backups", CreateBucketConfiguration=place)
    session.regions["eu-west-1"].made["AleesSecretsSandboxRecovery"] = [("AWS::S3::Bucket", "backups")]
    return sandbox


class _HangsUp(socketserver.BaseRequestHandler):
    """Ends every connection, as a server does that refuses a login."""

    def handle(self) -> None:
        """Answer nothing."""


@pytest.fixture
def refusing_port() -> Iterator[int]:
    """A port where every login is refused."""
    with socketserver.TCPServer(("127.0.0.1", 0), _HangsUp) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("name", sorted(SEEN))
def test_check_fails_when_the_account_is_unprotected(unprotected: Sandbox, name: str) -> None:
    (check,) = (each for each in CHECKS if each.name == name)

    found = look(check, unprotected, local_aws=False)

    assert (found.verdict, found.text) == (Verdict.FAILED, SEEN[name])


def test_logins_are_not_shown_when_the_database_cannot_be_reached(unprotected: Sandbox) -> None:
    (check,) = (each for each in CHECKS if each.name == "both-logins")

    found = look(check, unprotected, local_aws=False)

    assert (found.verdict, found.text) == (Verdict.NOT_SHOWN, "the database cannot be reached from this machine")


def test_check_fails_when_the_database_refuses_both_logins(unprotected: Sandbox, refusing_port: int) -> None:
    (check,) = (each for each in CHECKS if each.name == "both-logins")
    database = replace(unprotected.environment.database, port=refusing_port)
    fields = {"host": database.host, "port": refusing_port, "dbname": "x", "username": "nobody", "password": "refused"}
    for _ in range(2):
        unprotected.client("secretsmanager").put_secret_value(
            SecretId=unprotected.secret("database/credentials"), SecretString=json.dumps(fields)
        )

    found = look(
        check, replace(unprotected, environment=replace(unprotected.environment, database=database)), local_aws=False
    )

    assert (found.verdict, found.text) == (Verdict.FAILED, "refused: AWSCURRENT, AWSPREVIOUS")


def test_every_check_has_a_control_that_is_known_to_be_bad() -> None:
    assert {check.name for check in CHECKS} == {*SEEN, "both-logins"}
