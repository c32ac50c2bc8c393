"""What of a connection comes from the secret, and what from the settings."""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured

from alees_secrets.django.attempts import with_secret
from alees_secrets.errors import SecretsError
from alees_secrets.manager import SecretsManager
from alees_secrets.values import SecretFields

DEFAULT_SECRET = "database/credentials"  # noqa: S105 - a secret's name

_REFUSED = ("password authentication failed", "is not permitted to log in")
"""PostgreSQL's words for SQLSTATE 28P01 and 28000; psycopg tells no SQLSTATE of a refused login."""

Parameters = Mapping[str, Any]


def secret_of(settings: Parameters) -> str:
    """Return the name of the secret that an entry of DATABASES stands for.

    Raises:
        ImproperlyConfigured: The entry has a user name or password of its own, which would be ignored.
    """
    for field in ("USER", "PASSWORD"):
        if settings.get(field):
            raise ImproperlyConfigured(
                f"DATABASES has {field} beside the engine alees_secrets.django.postgresql, which takes user name and "
                "password from the secret; remove it"
            )
    return str(settings["OPTIONS"].get("secret", DEFAULT_SECRET))


def connect(
    secret: str, parameters: Parameters, open_connection: Callable[[dict[str, Any]], psycopg.Connection[Any]]
) -> psycopg.Connection[Any]:
    """Open a connection with the secret's value; when the login is refused, refresh it and try once more.

    Host, port and database that stand in *parameters* go before the secret's.
    """

    def with_fields(fields: SecretFields) -> psycopg.Connection[Any]:
        place = {"host": fields["host"], "port": fields["port"], "dbname": fields["dbname"]}
        login = {"user": fields["username"], "password": fields["password"]}
        try:
            return open_connection({**place, **parameters, **login})
        except psycopg.Error as error:
            # psycopg's own holds the connection that it gave up, and with it the password: error.pgconn.password.
            failure = type(error)(*error.args)
        raise failure

    return with_secret(secret, with_fields, _is_refusal)


def is_former(secret: str, connection: psycopg.Connection[Any]) -> bool:
    """Tell whether an open connection has another login than the secret has now.

    A session outlives its secret: where that is not kept, or too old and not to be had, the connection is none of it.
    """
    manager = SecretsManager()
    if manager.age(secret) is None:
        return False
    try:
        current = manager.get_secret(secret)
    except SecretsError:
        return False
    return connection.info.user != current["username"]


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, psycopg.OperationalError) and any(text in str(error) for text in _REFUSED)
