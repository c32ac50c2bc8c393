"""Ending a login that is not to be used any more: it is locked, what it is at may end, and its sessions are ended."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from psycopg import sql

from alees_secrets.values import SecretFields
from rotation_handlers.database import roles
from rotation_handlers.database.connection import Connection
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.errors import Cause, RotationError

DRAIN_SECONDS = 4.0
"""How long transactions of the login may go on. With what follows, less than the fence's session may be idle."""

END_SECONDS = 4.0
"""How long the server may take to end a session."""

_PAUSE_SECONDS = 0.1
_INHERIT_OPTION = 160000  # server version from which on a grant says whether it is inherited

_BUSY = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND state <> 'idle'"
_MAY_END = "SELECT pg_has_role(current_user, %s::name, 'USAGE')"
_END = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()"


def revoke_login(
    admin: Callable[[], AbstractContextManager[Connection]],
    settings: DatabaseSettings,
    value: SecretFields,
    current: SecretFields,
) -> Mapping[str, int]:
    """End *value*: lock its login, unless it is *current*'s, wait until it is idle, and end its sessions.

    A login that *current* uses too has *current*'s password, so *value* is refused already; the sessions that it opened
    end, and applications connect again. The next rotation that is the login's turn unlocks it with a new password.

    Args:
        admin: Opens a session of the admin, a role with CREATEROLE.
        settings: Where the database is. It is the server that counts, whatever endpoint *value* names.
        value: What is revoked.
        current: The AWSCURRENT value.

    Returns:
        ``sessions_ended``.

    Raises:
        RotationError: *value* is none of ours or is *current* itself, or the server did not end all sessions.
    """
    login = value.get("username")
    if login not in settings.logins:
        raise RotationError(Cause.BAD_SECRET, "the value names none of the configured logins; end it by hand")
    if value.get("password") == current.get("password"):
        raise RotationError(Cause.BAD_SECRET, "the value has AWSCURRENT's password; rotate first")
    with admin() as connection:
        if login != current.get("username"):
            connection.run(sql.SQL("ALTER ROLE {} WITH NOLOGIN").format(sql.Identifier(login)))
            connection.commit()
        ended = _end_sessions(connection, login)
    return {"sessions_ended": ended}


def _end_sessions(connection: Connection, login: str) -> int:
    """End the sessions of *login*.

    The admin made the login, but may end its sessions only with the login's own rights. It gives them to itself in a
    transaction that is rolled back: what is ended stays ended, and no membership stays.
    https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL
    """
    try:
        if connection.run(_MAY_END, (login,)).fetchone() != (True,):
            inherited = connection.info.server_version >= _INHERIT_OPTION
            options = " WITH INHERIT TRUE, SET FALSE" if inherited else ""
            connection.run(sql.SQL("GRANT {} TO CURRENT_USER" + options).format(sql.Identifier(login)))
        _wait(connection, _BUSY, login, DRAIN_SECONDS)
        row = connection.run(_END, (login,)).fetchone()
        left = _wait(connection, roles.COUNT_SESSIONS, login, END_SECONDS)
    finally:
        connection.rollback()
    if left:
        raise RotationError(Cause.DATABASE, f"{left} sessions of the revoked login have not ended yet; revoke again")
    return int(str(row[0])) if row else 0


def _wait(connection: Connection, count: str, login: str, seconds: float) -> int:
    """Wait at most *seconds* until the query *count* says 0, and return what it says last."""
    end = time.monotonic() + seconds
    while True:
        connection.run("SELECT pg_stat_clear_snapshot()")
        row = connection.run(count, (login,)).fetchone()
        found = int(str(row[0])) if row else 0
        if not found or time.monotonic() >= end:
            return found
        time.sleep(_PAUSE_SECONDS)
