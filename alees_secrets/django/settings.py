"""Entries for Django's settings. They hold no values."""

from typing import Any

ENGINE = "alees_secrets.django.postgresql"

EMAIL_BACKEND = "alees_secrets.django.email.EmailBackend"


def database(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's and libpq's own
    """Return an entry of DATABASES whose credentials come from a secret.

    Args:
        options: OPTIONS of it: ``secret``, by default ``database/credentials``, libpq's parameters such as
            ``sslmode`` and ``sslrootcert``, and ``pool``.
    """
    return {"ENGINE": ENGINE, "OPTIONS": options}
