"""Ending logins that are not to be used any more: they are locked, what they do may end, and their sessions end."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from psycopg import sql

from rotation_handlers.database import roles
from rotation_handlers.database.connection import Connection
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.strategy import Revocation, Revoked

DRAIN_SECONDS = 4.0
"""How long transactions of the logins may go on. With what follows, less than the fence's session may be idle."""

END_SECONDS = 4.0
"""How long the server may take to end a session."""

_PAUSE_SECONDS = 0.1
_INHERIT_OPTION = 160000  # server version from which on a grant says whether it is inherited

# Who logged in after the transaction began used a password that is in use. A start that cannot be seen counts: to end
# that session fails, which tells.
_SESSIONS = (
    "FROM pg_stat_activity WHERE usename = ANY(%s) AND pid <> pg_backend_pid() "
    "AND coalesce(backend_start, '-infinity') <= now()"
)
_COUNT = f"SELECT count(*) {_SESSIONS}"
_BUSY = f"{_COUNT} AND state <> 'idle'"
_END = f"SELECT count(pg_terminate_backend(pid)) {_SESSIONS}"
_MAY_END = "SELECT pg_has_role(current_user, %s::name, 'USAGE')"


def revoke_logins(
    admin: Callable[[], AbstractContextManager[Connection]], settings: DatabaseSettings, revocation: Revocation
) -> Revoked:
    """End the login of a value: lock it, wait until it is idle, and end its sessions; and the others, if so wanted.

    A login that AWSCURRENT or another AWSPREVIOUS names is not locked: that one's password works, so the value's has
    been replaced. The sessions that it may have opened end, and applications connect again. The next rotation that is a
    login's turn unlocks it with a new password.

    Args:
        admin: Opens a session of the admin, a role with CREATEROLE.
        settings: Where the database is. It is the server that counts, whatever endpoint a value names.
        revocation: What is revoked. The others are the logins that neither AWSCURRENT nor another AWSPREVIOUS names.

    Returns:
        Whether the value is in use, and ``sessions_ended``.

    Raises:
        RotationError: The server did not end all sessions; or the value is none of ours, and others have ended.
    """
    login = None if revocation.value is None else revocation.value.get("username")
    named = [each.get("username") for each in (revocation.current, revocation.previous) if each is not None]
    in_use = revocation.is_in_use("username", "password")
    wanted = [
        each for each in settings.logins if (each == login and not in_use) or (revocation.others and each not in named)
    ]
    sessions = 0
    if wanted:
        with admin() as connection:
            ended = roles.existing_roles(connection, wanted)
            for each in ended:
                if each not in named:
                    connection.run(sql.SQL("ALTER ROLE {} WITH NOLOGIN").format(sql.Identifier(each)))
            connection.commit()
            sessions = _end_sessions(connection, ended)
    if revocation.value is not None and login not in settings.logins:
        raise RotationError(Cause.BAD_SECRET, "the value names none of the configured logins; end it by hand")
    return Revoked(in_use, {"sessions_ended": sessions})


def _end_sessions(connection: Connection, logins: list[str]) -> int:
    """End the sessions of *logins* that there are now.

    The admin made them, but may end a login's sessions only with its own rights. It gives them to itself in a
    transaction that is rolled back: what is ended stays ended, and no membership stays.
    https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL
    """
    try:
        for login in logins:
            if connection.run(_MAY_END, (login,)).fetchone() != (True,):
                inherited = connection.info.server_version >= _INHERIT_OPTION
                options = " WITH INHERIT TRUE, SET FALSE" if inherited else ""
                connection.run(sql.SQL("GRANT {} TO CURRENT_USER" + options).format(sql.Identifier(login)))
        _wait(connection, _BUSY, logins, DRAIN_SECONDS)
        row = connection.run(_END, (logins,)).fetchone()
        left = _wait(connection, _COUNT, logins, END_SECONDS)
    finally:
        connection.rollback()
    if left:
        raise RotationError(Cause.DATABASE, f"{left} sessions of revoked logins have not ended yet; revoke again")
    return int(str(row[0])) if row else 0


def _wait(connection: Connection, count: str, logins: list[str], seconds: float) -> int:
    """Wait at most *seconds* until the query *count* says 0, and return what it says last."""
    end = time.monotonic() + seconds
    while True:
        connection.run("SELECT pg_stat_clear_snapshot()")
        row = connection.run(count, (logins,)).fetchone()
        found = int(str(row[0])) if row else 0
        if not found or time.monotonic() >= end:
            return found
        time.sleep(_PAUSE_SECONDS)
