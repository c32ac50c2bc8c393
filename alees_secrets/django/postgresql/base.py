"""Django's PostgreSQL backend, with credentials from the secret for each new connection."""

import copy
from typing import Any

from django.db.backends.postgresql import base

from alees_secrets.django.postgresql.client import DatabaseClient
from alees_secrets.django.postgresql.creation import DatabaseCreation
from alees_secrets.django.postgresql.credentials import connect, is_former, secret_of


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose user name, password, host, port and database come from a secret.

    ``OPTIONS["secret"]`` names it, ``database/credentials`` by default. NAME, HOST and PORT of the settings go before
    the secret's; USER and PASSWORD are refused. All other options stay what they are to Django.

    - A login that is refused refreshes the secret, and is tried once more with what it holds then.
    - Persistent connections are checked once a request, and closed between requests when the secret has another login.
    - A pool opens each connection with the value of then, and hands out none that is broken or of another login.
    - The settings hold no credentials, and no frame of an error does.
    """

    client_class = DatabaseClient
    creation_class = DatabaseCreation

    @property
    def pool(self) -> Any:  # noqa: ANN401 - Django's, or None
        """Return the pool of the settings' options, None without one."""
        pool = super().pool
        if pool is not None:
            from alees_secrets.django.postgresql import pooled  # noqa: PLC0415 - psycopg_pool is optional

            pooled.put_logins(pool, secret_of(self.settings_dict))
        return pool

    def connect(self) -> None:
        """Connect, and have a connection that persists checked at the beginning of each further request."""
        super().connect()
        self.health_check_enabled = True

    def get_connection_params(self) -> dict[str, Any]:
        """Return the parameters of a connection, without those that the secret gives."""
        secret_of(self.settings_dict)
        complete = copy.copy(self)
        complete.settings_dict = {**self.settings_dict, "NAME": _or(self.settings_dict["NAME"], "named-by-the-secret")}
        params: dict[str, Any] = super(DatabaseWrapper, complete).get_connection_params()
        params.pop("secret", None)
        if self.settings_dict["NAME"] == "":
            del params["dbname"]
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - Django's
        """Return a connection with the secret's login, from the pool if there is one."""
        secret, pool, new = secret_of(self.settings_dict), self.pool, super().get_new_connection
        if pool is None:
            return connect(secret, conn_params, new)
        from alees_secrets.django.postgresql.pooled import is_usable  # noqa: PLC0415 - psycopg_pool is optional

        connection = new(conn_params)
        for _ in range(pool.max_size):  # so many can be there from before; none is waited for
            if is_usable(secret, connection):
                break
            connection.pgconn.finish()  # the pool makes another one
            pool.putconn(connection)
            connection = new(conn_params)
        return connection

    def close_if_unusable_or_obsolete(self) -> None:
        """Close a connection, between requests, that Django would close, or that has another login than the secret."""
        super().close_if_unusable_or_obsolete()
        held = self.connection
        if held is None or held.closed or self.in_atomic_block:
            return
        if is_former(secret_of(self.settings_dict), held):
            self.close()


def _or(given: str | None, otherwise: str) -> str | None:
    """Return *given* unless it is empty; None means the server's own database to Django."""
    return otherwise if given == "" else given
