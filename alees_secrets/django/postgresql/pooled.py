"""What Django's psycopg pool opens its connections with, and what it may hand out."""

from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from alees_secrets.django.postgresql.credentials import connect, is_former


class Logins:
    """Stands in a pool in the place of its class of connections: each one is opened with the secret's value of then.

    Args:
        secret: Name of the secret.
        connection_class: What the connections are.
    """

    def __init__(self, secret: str, connection_class: type[psycopg.Connection[Any]]) -> None:
        self._secret = secret
        self._connection_class = connection_class

    def connect(self, conninfo: str, **parameters: Any) -> psycopg.Connection[Any]:  # noqa: ANN401 - libpq's
        """Open a connection, as psycopg.Connection.connect does."""
        return connect(self._secret, parameters, lambda complete: self._connection_class.connect(conninfo, **complete))


def put_logins(pool: Any, secret: str) -> None:  # noqa: ANN401 - its class of connections is one in name only
    """Have *pool* open its connections with the secret's value. Doing it again changes nothing."""
    given = pool.connection_class
    if not isinstance(given, Logins):
        pool.connection_class = Logins(secret, given)


def is_usable(secret: str, connection: psycopg.Connection[Any]) -> bool:
    """Tell whether a pooled connection still works and has the secret's login. One round trip."""
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return not is_former(secret, connection)
