from dataclasses import replace
from typing import Any

import pytest

from tests.prove.destruction import destroy
from tests.prove.sandbox import Sandbox, StackPlace
from tests.unit.prove.fake_stacks import FakeSession

TOOLKIT = StackPlace("CDKToolkit", "eu-west-1")


@pytest.fixture
def deployed(session: FakeSession, sandbox: Sandbox) -> Sandbox:
    """The sandbox with all its stacks, and log files in the trail's bucket."""
    for stack in sandbox.stacks:
        session.regions[stack.region].made[stack.name] = ()
    session.regions[TOOLKIT.region].made[TOOLKIT.name] = [("AWS::S3::Bucket", _bucket(sandbox, "assets", "eu-west-1"))]
    session.regions["eu-central-1"].made["AleesSecretsAccount"] = [
        ("AWS::S3::Bucket", _bucket(sandbox, "trail", "eu-central-1"))
    ]
    return sandbox


def _bucket(sandbox: Sandbox, name: str, region: str) -> str:
    s3 = sandbox.client("s3", region)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        s3.put_object(Bucket=name, Key="file", Body=b"x")
    s3.delete_object(Bucket=name, Key="file")
    return name


def _versions(sandbox: Sandbox, bucket: str) -> list[Any]:
    answer = sandbox.client("s3").list_object_versions(Bucket=bucket)
    return [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]


def test_nothing_is_left_when_every_stack_can_be_deleted(session: FakeSession, deployed: Sandbox) -> None:
    assert destroy(deployed, [TOOLKIT]) == []

    assert session.regions["eu-central-1"].deleted == [
        "AleesSecretsSandbox",
        "AleesSecretsSandboxApi01",
        "AleesSecretsAccount",
    ]
    assert session.regions["eu-west-1"].deleted == ["AleesSecretsSandboxRecovery", "CDKToolkit"]
    assert _versions(deployed, "trail") == []
    assert [each["Name"] for each in deployed.client("s3").list_buckets()["Buckets"]] == ["trail"]


def test_bootstrap_is_kept_when_this_run_did_not_make_it(session: FakeSession, deployed: Sandbox) -> None:
    assert destroy(deployed, []) == []

    assert list(session.regions["eu-west-1"].made) == ["CDKToolkit"]


def test_the_rest_goes_and_a_command_is_told_when_a_stack_cannot_be_deleted(
    session: FakeSession, deployed: Sandbox
) -> None:
    session.regions["eu-central-1"].stuck = {"AleesSecretsSandbox"}

    left = destroy(deployed, [TOOLKIT])

    (line,) = left
    assert line == (
        "AleesSecretsSandbox in eu-central-1 (its events say why): "
        "aws cloudformation delete-stack --stack-name AleesSecretsSandbox --region eu-central-1"
    )
    assert list(session.regions["eu-central-1"].made) == ["AleesSecretsSandbox"]
    assert list(session.regions["eu-west-1"].made) == ["CDKToolkit"]


def test_the_account_is_tried_again_when_its_bucket_filled_up_meanwhile(
    session: FakeSession, deployed: Sandbox
) -> None:
    session.regions["eu-central-1"].stuck = {"AleesSecretsAccount"}

    left = destroy(deployed, [])

    assert [line.partition(" ")[0] for line in left] == ["AleesSecretsAccount"]
    assert session.regions["eu-central-1"].deleted.count("AleesSecretsAccount") == 2


def test_a_command_is_told_when_a_secret_outlives_its_stack(deployed: Sandbox) -> None:
    deployed.client("secretsmanager", "eu-west-1").create_secret(Name="alees/sandbox/jwt/credentials", SecretString="x")

    (line,) = destroy(deployed, [])

    assert line == (
        "alees/sandbox/jwt/credentials in eu-west-1: aws secretsmanager delete-secret "
        "--secret-id alees/sandbox/jwt/credentials --region eu-west-1 --force-delete-without-recovery"
    )


def test_the_rest_goes_and_a_command_is_told_when_a_person_interrupts_a_deletion(
    session: FakeSession, deployed: Sandbox
) -> None:
    def interrupt(text: str) -> None:
        if "Api01" in text:
            raise KeyboardInterrupt

    (line,) = destroy(replace(deployed, say=interrupt), [])

    assert line.startswith("AleesSecretsSandboxApi01 in eu-central-1 (interrupted): aws cloudformation delete-stack")
    assert list(session.regions["eu-central-1"].made) == ["AleesSecretsSandboxApi01"]


class _InterruptedSession(FakeSession):
    """A person presses Ctrl-C when secrets are looked for."""

    def client(self, service: str, region_name: str = "eu-central-1", **options: Any) -> Any:
        if service == "secretsmanager":
            raise KeyboardInterrupt
        return super().client(service, region_name, **options)


def test_a_command_is_told_when_a_person_interrupts_the_search_for_secrets(sandbox: Sandbox) -> None:
    assert destroy(replace(sandbox, session=_InterruptedSession()), []) == [
        f"perhaps secrets in {region} (interrupted): aws secretsmanager list-secrets --region {region}"
        for region in ("eu-central-1", "eu-west-1")
    ]
