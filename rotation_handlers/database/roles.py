"""The roles in the database: one owner without login, two logins that act as it.

Every object belongs to the owner, whichever login made it, so the two logins can alternate: each is a member of the
owner and sessions start with ``SET ROLE owner``. Neither login is ever granted to the other.
https://www.postgresql.org/docs/current/role-membership.html
"""

import hashlib

from psycopg import sql

from rotation_handlers.database.connection import Connection
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.errors import Cause, RotationError

_ATTRIBUTES = (
    "rolsuper",
    "rolinherit",
    "rolcreaterole",
    "rolcreatedb",
    "rolreplication",
    "rolbypassrls",
    "rolconnlimit",
    "rolconfig",
)


def lock(connection: Connection, settings: DatabaseSettings) -> None:
    """Wait for the lock that every rotation of this owner's logins takes; it ends with the transaction.

    A transaction's lock rather than a session's: those do not survive a pooler that works by transaction.
    """
    digest = hashlib.sha256(f"alees rotation of {settings.owner}".encode()).digest()
    connection.run("SELECT pg_advisory_xact_lock(%s)", (int.from_bytes(digest[:8], signed=True),))


def ensure(connection: Connection, settings: DatabaseSettings, login: str, password: str) -> None:
    """Make owner and *login* exist, with the rights that both logins share, and give *login* its password.

    Doing it again changes nothing but the password. The server sees a SCRAM-SHA-256 verifier (RFC 5803), never the
    password: a clear one would land in its log.
    """
    existing = {
        str(row[0])
        for row in connection.run("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", ([settings.owner, login],))
    }
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
    connection.run(
        sql.SQL("ALTER ROLE {} WITH LOGIN PASSWORD {} VALID UNTIL 'infinity'").format(
            login_name, sql.Literal(_verifier(connection, login, password))
        )
    )


def compare(connection: Connection, settings: DatabaseSettings, login: str) -> None:
    """Check, in a session of *login*, that it acts as the owner and can do what the other login can.

    The other login need not exist yet. That it may log in is not compared: a revoked one may not.

    Raises:
        RotationError: It acts as another role, lacks a right, or differs.
    """
    row = connection.run(
        "SELECT session_user, current_user, has_schema_privilege(%(schema)s, 'USAGE')"
        " AND has_schema_privilege(%(schema)s, 'CREATE')",
        {"schema": settings.schema},
    ).fetchone()
    if row != (login, settings.owner, True):
        raise RotationError(
            Cause.PRIVILEGE, "the new login does not act as the owner role, or the owner may not create in the schema"
        )
    columns = sql.SQL(", ").join(map(sql.Identifier, _ATTRIBUTES))
    memberships = sql.SQL(
        "ARRAY(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " WHERE m.member = r.oid ORDER BY 1)"
    )
    query = sql.SQL("SELECT {}, {} FROM pg_roles r WHERE rolname = ANY(%s)").format(columns, memberships)
    found = connection.run(query, (list(settings.logins),)).fetchall()
    names = (*_ATTRIBUTES, "memberships")
    different = [
        name for name, values in zip(names, zip(*found, strict=True), strict=True) if len(set(map(str, values))) > 1
    ]
    if different:
        raise RotationError(Cause.PRIVILEGE, f"the two logins differ in {', '.join(different)}; make them alike")


def _verifier(connection: Connection, login: str, password: str) -> str:
    encrypted = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return encrypted.decode("ascii")
