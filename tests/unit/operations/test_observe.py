"""What the command line reads of an environment's secrets."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from alees_secrets.health import State
from operations.errors import OperationError
from operations.observe import secret_statuses
from operations.target import Target

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_a_declared_secret_is_missing_when_it_does_not_exist(target: Target) -> None:
    statuses = secret_statuses(target, NOW)

    assert [(each.path, each.kind, each.states) for each in statuses] == [
        ("database/credentials", "database", (State.MISSING,)),
        ("jwt/credentials", "jwt", (State.MISSING,)),
        ("email/credentials", "email", (State.MISSING,)),
    ]


@pytest.mark.usefixtures("secret")
def test_a_secret_is_not_initialised_when_it_was_never_rotated(target: Target) -> None:
    status, *_ = secret_statuses(target, NOW)

    assert status.states == (State.ROTATION_OFF, State.NOT_INITIALIZED)


@pytest.mark.usefixtures("secret")
def test_secrets_below_the_prefix_are_unmanaged_when_no_configuration_declares_them(target: Target) -> None:
    for name in ("alees/dev/api/billing/key", "alees/dev/odd", "alees/prod/jwt/credentials", "else/alees/dev/x/y"):
        target.client.create_secret(Name=name, SecretString="{}")
        target.client.put_secret_value(SecretId=name, SecretString='{"a": 1}')

    *_, first, second = secret_statuses(target, NOW)

    assert [(each.path, each.kind, each.states) for each in (first, second)] == [
        ("api/billing/key", "api", (State.UNTAGGED, State.UNMANAGED)),
        ("odd", "unknown", (State.UNTAGGED, State.UNMANAGED)),
    ]


def test_the_age_of_the_pending_version_decides_when_a_rotation_is_not_over(target: Target, secret: str) -> None:
    version = "0" * 32
    target.client.put_secret_value(
        SecretId=f"alees/dev/{secret}", SecretString="{}", ClientRequestToken=version, VersionStages=["AWSPENDING"]
    )
    now = datetime.now(UTC)

    states = [secret_statuses(target, now + age)[0].states for age in (timedelta(), timedelta(hours=1))]

    assert states == [
        (State.ROTATION_OFF, State.ROTATING),
        (State.STUCK, State.ROTATION_OFF, State.NOT_INITIALIZED),
    ]


def test_one_line_names_the_call_when_aws_denies_it(target: Target) -> None:
    with Stubber(target.client) as stubber:
        stubber.add_client_error("list_secrets", "AccessDeniedException", "secret details")
        with pytest.raises(
            OperationError, match="^the secrets of Dev cannot be listed: ListSecrets answered AccessDen"
        ):
            secret_statuses(target, NOW)


def test_one_line_says_so_when_aws_does_not_answer(target: Target) -> None:
    def unreachable(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://nowhere.example")

    target.client.meta.events.register("before-send.secretsmanager", unreachable)

    with pytest.raises(OperationError, match=r"AWS did not answer \(EndpointConnectionError\); check the network"):
        secret_statuses(target, NOW)
