import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connections
from django.test import override_settings

from alees_secrets.django.settings import EMAIL_BACKEND, database
from alees_secrets.shared import using
from alees_secrets.testing import InMemorySource
from tests.fakes.canary import CANARY

VERIFIED = database(sslmode="verify-full")
Check = Callable[..., dict[str, str]]


@pytest.fixture
def check(in_memory: InMemorySource) -> Iterator[Check]:  # noqa: ARG001 - what is read
    """Return our findings of ``check --deploy`` for a database and other settings: ids and messages."""
    complete = connections.settings

    def found(entry: dict[str, Any] | None = None, **changes: Any) -> dict[str, str]:
        connections.settings = connections.configure_settings({"default": entry or {}})
        with override_settings(**changes):
            messages = run_checks(include_deployment_checks=True, tags=["security"])
        ours = [message for message in messages if message.id.startswith("alees_secrets.")]
        assert all(message.hint or message.id == "alees_secrets.E001" for message in ours)
        return {message.id.removeprefix("alees_secrets."): message.msg for message in ours}

    yield found
    connections.settings = complete


def test_nothing_is_found_when_settings_are_as_documented(check: Check) -> None:
    assert check(VERIFIED, EMAIL_BACKEND=EMAIL_BACKEND, EMAIL_USE_TLS=True) == {}
    assert check(VERIFIED, EMAIL_BACKEND=EMAIL_BACKEND, EMAIL_USE_SSL=True) == {}


def test_static_credentials_are_found_when_engine_and_backend_are_django_s(check: Check) -> None:
    entry = {"ENGINE": "django.db.backends.postgresql", "PASSWORD": CANARY}
    found = check(entry, EMAIL_HOST_PASSWORD=CANARY)
    assert set(found) == {"W001", "W002"}
    assert "works until the second rotation" in found["W001"]
    assert CANARY not in str(found)
    assert check({**entry, "PASSWORD": ""}, EMAIL_HOST_PASSWORD="") == {}


def test_the_same_is_found_when_mailers_are_set(check: Check) -> None:
    def mailer(backend: str, **options: object) -> dict[str, Any]:
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}

    plain = "django.core.mail.backends.smtp.EmailBackend"
    assert check(VERIFIED, **mailer(EMAIL_BACKEND, use_tls=True)) == {}
    assert check(VERIFIED, **mailer(EMAIL_BACKEND, use_ssl=True)) == {}
    assert check(VERIFIED, MAILERS={"default": {"BACKEND": "elsewhere"}}) == {}
    assert set(check(VERIFIED, **mailer(EMAIL_BACKEND))) == {"W004"}
    assert set(check(VERIFIED, **mailer(plain, password=CANARY))) == {"W002"}
    assert set(check(VERIFIED, MAILERS={"default": {"OPTIONS": {"password": CANARY}}})) == {"W002"}


def test_missing_tls_is_found_when_it_is_not_asked_for(check: Check) -> None:
    found = check(database(sslmode="require"), EMAIL_BACKEND=EMAIL_BACKEND)
    assert set(found) == {"W003", "W004"}
    assert "sslmode is 'require'" in found["W003"]


def test_logging_is_found_when_botocore_is_at_debug(check: Check) -> None:
    logger = logging.getLogger("botocore")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        assert set(check(VERIFIED)) == {"W005"}
    finally:
        logger.setLevel(level)


def test_own_credentials_are_found_when_they_stand_beside_the_engine(check: Check) -> None:
    found = check({**VERIFIED, "PASSWORD": CANARY})
    assert set(found) == {"E001"}
    assert CANARY not in str(found)


def test_wrong_client_settings_are_found_when_the_environment_is_unset(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SECRETS_PREFIX", "ALEES_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    with using(None):
        found = check(VERIFIED, EMAIL_BACKEND=EMAIL_BACKEND, EMAIL_USE_TLS=True)
    assert set(found) == {"E002"}
    assert "set AWS_REGION" in found["E002"]


def test_unreadable_secret_is_found_when_aws_denies_it(check: Check, in_memory: InMemorySource) -> None:
    in_memory.denied.add("email/credentials")
    found = check(VERIFIED, EMAIL_BACKEND=EMAIL_BACKEND, EMAIL_USE_TLS=True)
    assert set(found) == {"E003"}
    assert "'email/credentials' cannot be read" in found["E003"]
