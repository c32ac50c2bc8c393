from collections.abc import Callable

import pytest

from alees_secrets import (
    ConfigurationError,
    InvalidNameError,
    InvalidSecretError,
    SecretFields,
    SecretsManager,
    Settings,
    VersionStage,
)
from tests.fakes.canary import CANARY, exception_texts
from tests.unit.alees_secrets.fake_source import ROTATION, FakeSource, version

SETTINGS = Settings(environment="prod", region="eu-central-1")
EMAIL: dict[str, str | int] = {"host": "new-host", "port": 587, "username": "new-user", "password": CANARY}
API_KEY = {"api_key": "new-key", "api_secret": CANARY}


@pytest.fixture
def fake() -> FakeSource:
    return FakeSource()


@pytest.fixture
def manager(fake: FakeSource) -> SecretsManager:
    return SecretsManager(SETTINGS, source=fake)


def test_current_value_is_returned_when_no_stage_is_asked_for(manager: SecretsManager, fake: FakeSource) -> None:
    fake.stored["alees/prod/email/credentials", VersionStage.CURRENT] = version(EMAIL)
    assert manager.get_secret("email/credentials") == EMAIL


def test_other_version_is_returned_when_its_stage_is_asked_for(manager: SecretsManager, fake: FakeSource) -> None:
    fake.stored["alees/prod/email/credentials", VersionStage.PREVIOUS] = version(EMAIL)
    assert manager.get_secret("email/credentials", stage=VersionStage.PREVIOUS) == EMAIL


def test_fields_reach_the_source_when_created(manager: SecretsManager, fake: FakeSource) -> None:
    manager.create_secret("api/new-service/key", API_KEY)
    assert fake.created == {"alees/prod/api/new-service/key": API_KEY}


def test_fields_reach_the_source_when_updated(manager: SecretsManager, fake: FakeSource) -> None:
    manager.update_secret("email/credentials", EMAIL)
    assert fake.updated == {"alees/prod/email/credentials": EMAIL}


def test_fields_are_accepted_when_they_were_read(manager: SecretsManager, fake: FakeSource) -> None:
    manager.update_secret("email/credentials", SecretFields(EMAIL))
    assert fake.updated == {"alees/prod/email/credentials": EMAIL}


def test_version_is_returned_when_rotated(manager: SecretsManager, fake: FakeSource) -> None:
    assert manager.rotate_secret("jwt/credentials") == ROTATION
    assert fake.rotated == ["alees/prod/jwt/credentials"]


def test_version_is_the_one_given_when_rotation_is_taken_up(manager: SecretsManager) -> None:
    left = "a" * 32
    assert manager.rotate_secret("jwt/credentials", version_id=left) == left


@pytest.mark.parametrize("token", ["", "short", "a" * 31, "a" * 65])
def test_nothing_is_sent_when_the_token_is_none_that_aws_takes(
    manager: SecretsManager, fake: FakeSource, token: str
) -> None:
    wanted = rf"the token, or version id, has {len(token)} characters; allowed are 32 to 64"
    with pytest.raises(ConfigurationError, match=wanted):
        manager.create_secret("email/credentials", EMAIL, token=token)
    with pytest.raises(ConfigurationError, match=wanted):
        manager.update_secret("email/credentials", EMAIL, token=token)
    with pytest.raises(ConfigurationError, match=wanted):
        manager.rotate_secret("jwt/credentials", version_id=token)
    assert (fake.created, fake.updated, fake.rotated) == ({}, {}, [])


CALLS: dict[str, Callable[[SecretsManager, str], object]] = {
    "get": SecretsManager.get_secret,
    "create": lambda manager, name: manager.create_secret(name, API_KEY),
    "update": lambda manager, name: manager.update_secret(name, API_KEY),
    "rotate": SecretsManager.rotate_secret,
}


@pytest.mark.parametrize("name", ["database", "alees/prod/jwt/credentials", "payments/key", "jwt/Credentials"])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_nothing_is_asked_when_name_is_invalid(
    manager: SecretsManager, fake: FakeSource, call: Callable[[SecretsManager, str], object], name: str
) -> None:
    with pytest.raises(InvalidNameError):
        call(manager, name)
    assert fake == FakeSource()


WRITES: dict[str, Callable[[SecretsManager, str, dict[str, str | int]], object]] = {
    "create": SecretsManager.create_secret,
    "update": SecretsManager.update_secret,
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_nothing_is_asked_and_no_value_shown_when_fields_are_invalid(
    manager: SecretsManager, fake: FakeSource, write: Callable[[SecretsManager, str, dict[str, str | int]], object]
) -> None:
    with pytest.raises(InvalidSecretError, match="port is of type str, not an integer") as caught:
        write(manager, "email/credentials", {**EMAIL, "port": CANARY})
    assert CANARY not in "".join(exception_texts(caught.value))
    assert fake == FakeSource()


def test_environment_is_read_when_no_settings_are_passed(fake: FakeSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_SECRETS_PREFIX", "alees/")
    monkeypatch.setenv("ALEES_ENVIRONMENT", "dev")
    SecretsManager(source=fake).rotate_secret("jwt/credentials")
    assert fake.rotated == ["alees/dev/jwt/credentials"]


def test_missing_settings_are_told_when_manager_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRETS_PREFIX", raising=False)
    monkeypatch.delenv("ALEES_ENVIRONMENT", raising=False)
    with pytest.raises(ConfigurationError, match="the environment is not set"):
        SecretsManager()
