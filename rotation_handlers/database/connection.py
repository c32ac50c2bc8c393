"""Connections to PostgreSQL: always TLS with a verified host name, always bounded, errors named by cause."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.abc import Params, QueryNoTemplate

from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError

_CONNECT_SECONDS = 10

_REFUSALS = (
    (Cause.DATABASE, ("does not exist", "too many", "connection slots", "starting up", "shutting down")),
    (Cause.DNS, ("could not translate host name", "failed to resolve host")),
    (Cause.AUTHENTICATION, ("authentication failed", "is not permitted to log in", "no pg_hba.conf entry")),
    (Cause.TLS, ("certificate", "ssl ", "does not support ssl", "root.crt")),
)
# psycopg has no sqlstate for a refused connection, so the text must tell
# (https://github.com/psycopg/psycopg/issues/1061).

_SQLSTATES = {
    "42501": Cause.PRIVILEGE,  # insufficient_privilege
    "55P03": Cause.LOCK,  # lock_not_available
    "57014": Cause.LOCK,  # query_canceled, by statement_timeout
}

# While a call of Secrets Manager is waited for, the session is idle in its transaction; should Lambda end the function
# then, the server must not keep lock and transaction for long.
_SESSION = {
    "idle_in_transaction_session_timeout": "15s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
}


class Connection(psycopg.Connection[tuple[object, ...]]):
    """A connection each of whose statements must end before a deadline."""

    deadline: Deadline

    def run(self, statement: QueryNoTemplate, parameters: Params | None = None) -> psycopg.Cursor[tuple[object, ...]]:
        """Run one statement, within the time that is left now.

        Raises:
            RotationError: No time is left.
        """
        self.execute(f"SET LOCAL statement_timeout = {int(self.deadline.seconds_left() * 1000) + 1}")
        return self.execute(statement, parameters)


@contextmanager
def connect(settings: DatabaseSettings, deadline: Deadline, *, user: str, password: str) -> Iterator[Connection]:
    """Open a connection and a transaction; commit at the end, roll back on an error.

    There is no fallback from ``sslmode=verify-full``. Statements and waits for locks end before *deadline*.

    Raises:
        RotationError: The server refused or failed; the message has no user name and no value. Python keeps psycopg's
            error as its context, so it stays in the function: rotation_handlers.edge raises another.
    """
    try:
        with _open(settings, deadline, user, password) as connection:
            connection.deadline = deadline
            yield connection
            return
    except psycopg.Error as error:
        failure = _failure(error)
    raise failure


def _open(settings: DatabaseSettings, deadline: Deadline, user: str, password: str) -> Connection:
    return Connection.connect(
        host=settings.host,
        port=settings.port,
        dbname=settings.name,
        user=user,
        password=password,
        sslmode="verify-full",
        sslrootcert=str(settings.certificate_authority),
        gssencmode="disable",
        connect_timeout=max(2, min(_CONNECT_SECONDS, int(deadline.seconds_left()))),
        application_name="alees-rotation",
        options=" ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
    )


def _failure(error: psycopg.Error) -> RotationError:
    if error.sqlstate is not None:
        cause = _SQLSTATES.get(error.sqlstate, Cause.DATABASE)
        return RotationError(cause, f"PostgreSQL refused a statement (SQLSTATE {error.sqlstate})")
    text = str(error).lower()
    for cause, signs in _REFUSALS:
        if any(sign in text for sign in signs):
            return RotationError(cause, f"PostgreSQL could not be connected to ({cause})")
    return RotationError(Cause.NETWORK, "PostgreSQL could not be reached, or the connection was lost")
