"""The function's environment variables."""

import pytest

from rotation_handlers.database.settings import CERTIFICATES, DatabaseSettings
from rotation_handlers.errors import Cause, RotationError

ENVIRONMENT = {
    "DATABASE_HOST": "db.example",
    "DATABASE_PORT": "5432",
    "DATABASE_NAME": "alees",
    "DATABASE_SCHEMA": "public",
    "DATABASE_OWNER": "alees_owner",
    "DATABASE_LOGINS": '["alees_app_a", "alees_app_b"]',
    "DATABASE_ADMIN_SECRET": "admin",
    "DATABASE_PASSWORD_LENGTH": "48",
}


def test_the_model_is_complete_when_every_variable_is_set() -> None:
    settings = DatabaseSettings.from_environment(ENVIRONMENT)

    assert (settings.port, settings.logins) == (5432, ("alees_app_a", "alees_app_b"))
    assert settings.certificate_authority == CERTIFICATES


@pytest.mark.parametrize("missing", ENVIRONMENT)
def test_the_missing_variable_is_named_when_one_is_not_set(missing: str) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}

    with pytest.raises(RotationError, match=f"{missing} is missing; deploy the environment's stack again") as caught:
        DatabaseSettings.from_environment(environment)

    assert caught.value.cause is Cause.BAD_SETTINGS


@pytest.mark.parametrize(
    "wrong",
    [
        {"DATABASE_PORT": "x"},
        *({"DATABASE_LOGINS": logins} for logins in ("one", "[]", '["a", "b", "c"]', "[1]", '"ab"')),
    ],
)
def test_the_settings_are_refused_when_one_is_malformed(wrong: dict[str, str]) -> None:
    with pytest.raises(RotationError, match="DATABASE_LOGINS must be a JSON list of one or two names"):
        DatabaseSettings.from_environment(ENVIRONMENT | wrong)
