"""Who, what and which secret, whichever way the caller wrote it."""

from typing import Any

import pytest

from monitoring_handlers.access_watch.reading import read
from tests.fakes import trail_records as trail
from tests.fakes.trail_records import ACCOUNT, APPLICATION, DEPLOYMENT, Record, arn, record
from tests.fakes.watching import watched

NAME = "alees/prod/database/credentials"


def _asked(**asked: Any) -> Record:
    return record(APPLICATION, "secretsmanager", "GetSecretValue", asked)


@pytest.mark.parametrize(
    ("secret_id", "expected"),
    [
        (NAME, (NAME,)),
        (arn("database/credentials"), (NAME,)),
        (arn("database/credentials", suffix=""), (NAME,)),
        (arn("database/credentials", region="eu-west-1"), (NAME,)),
        ("alees/staging/database/credentials", ()),
        ("alees/production/database/credentials", ()),
        (f"arn:aws:secretsmanager:eu-central-1:999999999999:secret:{NAME}-a1B2c3", ()),
    ],
)
def test_a_secret_is_known_by_its_name_its_arn_and_a_part_of_it(secret_id: str, expected: tuple[str, ...]) -> None:
    assert read(_asked(secretId=secret_id), watched()).secrets == expected


def test_a_batch_names_its_secrets_once() -> None:
    asked = {"secretIdList": [NAME, arn("database/credentials"), "others/x", arn("jwt/credentials")]}
    found = read(record(APPLICATION, "secretsmanager", "BatchGetSecretValue", asked), watched())
    assert found.secrets == (NAME, "alees/prod/jwt/credentials")
    assert not found.anywhere
    assert not found.is_read


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, True),
        ({"filters": [{"key": "name", "values": ["alees/"]}]}, True),
        ({"filters": [{"key": "name", "values": ["alees/prod/jwt"]}]}, True),
        ({"filters": [{"key": "tag-key", "values": ["x"]}]}, True),
        ({"filters": [{"key": "name"}]}, True),
        ({"filters": [{"key": "name", "values": None}]}, True),
        ({"filters": [{"key": "name", "values": ["others/"]}]}, False),
        ({"secretIdList": ["others/x"]}, False),
    ],
)
def test_a_batch_by_filters_may_be_about_anything_that_they_admit(asked: Any, expected: bool) -> None:  # noqa: FBT001
    found = read(record(APPLICATION, "secretsmanager", "BatchGetSecretValue", asked), watched())
    assert found.anywhere is expected


@pytest.mark.parametrize("resource", [NAME, arn("database/credentials")])
def test_a_refusal_names_its_secret_in_the_message_alone(resource: str) -> None:
    denial = trail.refused(APPLICATION, "secretsmanager:GetSecretValue", resource)
    found = read(record(APPLICATION, "secretsmanager", "GetSecretValue", None, **denial), watched())
    assert (found.secrets, found.denied, found.is_refused_read) == ((NAME,), True, True)


def test_a_read_that_kms_refused_is_a_refused_decryption() -> None:
    denial: Record = {"errorCode": "AccessDeniedException", "errorMessage": "Access to KMS is not allowed"}
    found = read(trail.read(APPLICATION, "database/credentials", **denial), watched())
    assert (found.service, found.event, found.secrets) == ("kms", "Decrypt", (NAME,))


def test_a_key_is_used_for_the_secret_in_its_encryption_context() -> None:
    asked = {"encryptionContext": {"SecretARN": arn("jwt/credentials"), "SecretVersionId": "v"}}
    found = read(record(APPLICATION, "kms", "Decrypt", asked), watched())
    assert found.secrets == ("alees/prod/jwt/credentials",)


@pytest.mark.parametrize(
    ("identity", "principal", "named"),
    [
        (APPLICATION, "role/alees/prod/alees-prod-application", "i-0a1b2c3d4e5f60718"),
        (trail.user("eve", "/x/"), "user/x/eve", "eve"),
        (trail.ROOT, "", "root"),
        (trail.service("rds"), "", "rds.amazonaws.com"),
        (DEPLOYMENT, f"role/{trail.DEPLOYER}", "AWSCloudFormation"),
        ({"type": "Unknown"}, "", "Unknown"),
        (
            {"type": "AWSAccount", "accountId": "999999999999", "principalId": "AROAX:eve"},
            *("", "AWSAccount 999999999999 AROAX:eve"),
        ),
    ],
)
def test_who_called_is_known_as_policies_and_as_alerts_name_them(identity: Any, principal: str, named: str) -> None:
    who = read(trail.read(identity, "jwt/credentials"), watched()).who
    assert who.principal == principal
    assert who.arn.endswith(named)
    assert who.deployment is (identity is DEPLOYMENT)


def test_a_role_of_another_account_is_nobody_that_the_matrix_names() -> None:
    record_of_stranger = trail.read(APPLICATION, "jwt/credentials", recipientAccountId="999999999999")
    assert read(record_of_stranger, watched()).who.principal == ""


def test_stage_version_address_and_endpoint_are_as_asked() -> None:
    found = read(
        record(
            APPLICATION,
            "secretsmanager",
            "GetSecretValue",
            {"secretId": NAME, "versionId": "v"},
            vpcEndpointId="vpce-0123456789abcdef0",
        ),
        watched(),
    )
    assert (found.stage, found.by_id, found.address) == ("AWSCURRENT", True, "10.1.2.3")
    assert (found.endpoint, found.region) == ("vpce-0123456789abcdef0", "eu-central-1")


@pytest.mark.parametrize("missing", ["eventSource", "eventName", "eventTime", "awsRegion"])
def test_a_record_is_refused_when_it_lacks_what_every_one_has(missing: str) -> None:
    damaged = {key: value for key, value in trail.read(APPLICATION, "jwt/credentials").items() if key != missing}
    with pytest.raises(KeyError):
        read(damaged, watched())


def test_a_key_by_its_arn_is_what_a_refusal_is_about() -> None:
    key_arn = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/x"
    found = read(
        record(APPLICATION, "kms", "Decrypt", None, **trail.refused(APPLICATION, "kms:Decrypt", key_arn)), watched()
    )
    assert found.target == key_arn
