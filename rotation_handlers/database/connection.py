"""Connections to PostgreSQL: always TLS with a verified host name, always bounded, errors named by cause."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError

_CONNECT_SECONDS = 10

_REFUSALS = (
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

Connection = psycopg.Connection[tuple[object, ...]]


@contextmanager
def connect(settings: DatabaseSettings, deadline: Deadline, *, user: str, password: str) -> Iterator[Connection]:
    """Open a connection and a transaction; commit at the end, roll back on an error.

    There is no fallback from ``sslmode=verify-full``. Statements and waits for locks end before *deadline*.

    Raises:
        RotationError: The server refused or failed; the message has no user name and no value.
    """
    try:
        with _open(settings, deadline, user, password) as connection:
            yield connection
            return
    except psycopg.Error as error:
        failure = _failure(error)
    raise failure


def _open(settings: DatabaseSettings, deadline: Deadline, user: str, password: str) -> Connection:
    left = deadline.seconds_left()
    milliseconds = max(1, int(left * 1000))
    return psycopg.connect(
        host=settings.host,
        port=settings.port,
        dbname=settings.name,
        user=user,
        password=password,
        sslmode="verify-full",
        sslrootcert=str(settings.certificate_authority),
        gssencmode="disable",
        connect_timeout=max(2, min(_CONNECT_SECONDS, int(left))),
        application_name="alees-rotation",
        options=f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
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
