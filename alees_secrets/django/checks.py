"""Checks of ``manage.py check --deploy``, which asks AWS for the secrets that the settings name."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's names
from django.core.exceptions import ImproperlyConfigured

from alees_secrets.django.email import SECRET
from alees_secrets.django.postgresql.credentials import secret_of
from alees_secrets.django.settings import EMAIL_BACKEND, ENGINE
from alees_secrets.errors import ConfigurationError, SecretsError
from alees_secrets.manager import SecretsManager

_PLAIN_ENGINE = "django.db.backends.postgresql"
_PLAIN_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@register(Tags.security, deploy=True)
def check_static_values(**_: object) -> list[CheckMessage]:
    """Warn of credentials in the settings themselves."""
    found: list[CheckMessage] = [
        Warning(
            f"DATABASES[{alias!r}] holds a PASSWORD: it works until the second rotation, and diffsettings prints it.",
            hint=f"Use ENGINE {ENGINE!r} without NAME, USER, PASSWORD, HOST and PORT.",
            id="alees_secrets.W001",
        )
        for alias, entry in _databases(_PLAIN_ENGINE)
        if entry.get("PASSWORD")
    ]
    if any(options.get("password") for options in _mailers(_PLAIN_BACKEND)):
        found.append(
            Warning(
                "The settings hold the password for e-mail: it works until it is revoked, and diffsettings prints it.",
                hint=f"Use the backend {EMAIL_BACKEND!r} without a user name and password (EMAIL_HOST_PASSWORD).",
                id="alees_secrets.W002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_tls(**_: object) -> list[CheckMessage]:
    """Warn of passwords that may cross the network in clear, or to a stranger."""
    found: list[CheckMessage] = [
        Warning(
            f"DATABASES[{alias!r}] does not verify the server: sslmode is {entry['OPTIONS'].get('sslmode')!r}.",
            hint="Put 'sslmode': 'verify-full' and 'sslrootcert' into its OPTIONS.",
            id="alees_secrets.W003",
        )
        for alias, entry in _databases(ENGINE)
        if entry["OPTIONS"].get("sslmode") != "verify-full"
    ]
    if not all(options.get("use_tls") or options.get("use_ssl") for options in _mailers(EMAIL_BACKEND)):
        found.append(
            Warning(
                "E-mail credentials are sent without TLS.",
                hint="Set EMAIL_USE_TLS = True (port 587) or EMAIL_USE_SSL = True (port 465); in MAILERS, its options.",
                id="alees_secrets.W004",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_logging(**_: object) -> list[CheckMessage]:
    """Warn when botocore logs requests and answers."""
    if not logging.getLogger("botocore").isEnabledFor(logging.DEBUG):
        return []
    return [
        Warning(
            "The logger 'botocore' is at DEBUG: it logs requests and answers whole, with credentials of other calls.",
            hint="Set LOGGING['loggers']['botocore']['level'] to 'INFO'. The client's own calls are muted.",
            id="alees_secrets.W005",
        )
    ]


@register(Tags.security, deploy=True)
def check_secrets(**_: object) -> list[CheckMessage]:
    """Read each secret that the settings name."""
    found: list[CheckMessage] = []
    names = {SECRET} if _mailers(EMAIL_BACKEND) else set()
    for alias, entry in _databases(ENGINE):
        try:
            names.add(secret_of(entry))
        except ImproperlyConfigured as error:
            found.append(Error(f"DATABASES[{alias!r}]: {error}.", id="alees_secrets.E001"))
    return [*found, *_unreadable(sorted(names))]


def _unreadable(names: list[str]) -> Iterator[CheckMessage]:
    for name in names:
        try:
            SecretsManager().get_secret(name)
        except ConfigurationError as error:
            yield Error(
                f"The client's settings are wrong: {error}.",
                hint="Set AWS_REGION, and AWS_SECRETS_PREFIX=alees/ with ALEES_ENVIRONMENT.",
                id="alees_secrets.E002",
            )
            return
        except SecretsError as error:
            yield Error(
                f"Secret {name!r} cannot be read: {error}.",
                hint=f"See what is wrong with it: ./alees-secrets status. ({type(error).__name__})",
                id="alees_secrets.E003",
            )


def _databases(engine: str) -> Iterator[tuple[str, dict[str, Any]]]:
    from django.db import connections  # noqa: PLC0415 - it makes the entries complete when they are asked for

    return ((alias, entry) for alias, entry in connections.settings.items() if entry["ENGINE"] == engine)


def _mailers(backend: str) -> list[Mapping[str, Any]]:
    """Return the options of what sends e-mail by *backend*; where MAILERS is set, Django 6.1 has no other settings."""
    mailers = getattr(settings, "MAILERS", None)
    if mailers:
        return [
            entry.get("OPTIONS", {}) for entry in mailers.values() if entry.get("BACKEND", _PLAIN_BACKEND) == backend
        ]
    options = {
        "password": settings.EMAIL_HOST_PASSWORD,
        "use_tls": settings.EMAIL_USE_TLS,
        "use_ssl": settings.EMAIL_USE_SSL,
    }
    return [options] if backend == settings.EMAIL_BACKEND else []
