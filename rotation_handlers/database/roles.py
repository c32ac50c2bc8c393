"""The roles in the database: one owner without login, two logins that act as it.

Every object belongs to the owner, whichever login made it, so the two logins can alternate: each is a member of the
owner and sessions start with ``SET ROLE owner``. Neither login is ever granted to the other.
https://www.postgresql.org/docs/current/role-membership.html
"""

import hashlib
from collections.abc import Collection

from psycopg import sql

from rotation_handlers.database.connection import Connection
from rotation_handlers.database.settings import DatabaseSettings

SESSIONS = "sessions_of_changed_login"
"""What a rotation counts: sessions of the login it is about to change. They end at their next login at the latest."""


def lock(connection: Connection, settings: DatabaseSettings) -> None:
    """Wait for the lock that every rotation of this owner's logins takes; it ends with the transaction.

    A transaction's lock rather than a session's: those do not survive a pooler that works by transaction.
    """
    digest = hashlib.sha256(f"alees rotation of {settings.owner}".encode()).digest()
    connection.run("SELECT pg_advisory_xact_lock(%s)", (int.from_bytes(digest[:8], signed=True),))


def existing_roles(connection: Connection, names: Collection[str]) -> list[str]:
    """Return which of *names* are roles at the server."""
    rows = connection.run("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(names),))
    return [str(name) for (name,) in rows]


def count_sessions(connection: Connection, login: str) -> int:
    """Return how many sessions of *login* the server has, in any of its databases."""
    row = connection.run("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (login,)).fetchone()
    return int(str(row[0])) if row else 0


def ensure(connection: Connection, settings: DatabaseSettings, login: str) -> None:
    """Make owner and *login* exist, with the rights that logins share. Doing it again changes nothing."""
    existing = existing_roles(connection, [settings.owner, login])
    owner_name, login_name = sql.Identifier(settings.owner), sql.Identifier(login)
    if settings.owner not in existing:
        connection.run(sql.SQL("CREATE ROLE {} NOLOGIN").format(owner_name))
    schema, database = sql.Identifier(settings.schema), sql.Identifier(settings.name)
    connection.run(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, owner_name))
    connection.run(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(schema, owner_name))
    if login not in existing:
        connection.run(sql.SQL("CREATE ROLE {} LOGIN").format(login_name))
    connection.run(sql.SQL("GRANT {} TO {}").format(owner_name, login_name))
    connection.run(sql.SQL("ALTER ROLE {} SET role TO {}").format(login_name, owner_name))


def set_password(connection: Connection, login: str, password: str) -> None:
    """Give *login* a password without an end.

    The server sees a SCRAM-SHA-256 verifier (RFC 5803), never the password: a clear one would land in its log.
    """
    statement = sql.SQL("ALTER ROLE {} WITH LOGIN PASSWORD {} VALID UNTIL 'infinity'")
    verifier = sql.Literal(_verifier(connection, login, password))
    connection.run(statement.format(sql.Identifier(login), verifier))


def _verifier(connection: Connection, login: str, password: str) -> str:
    encrypted = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return encrypted.decode("ascii")
