"""Whether a login can do what the rotation promises, and whether two logins can do the same."""

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

_MEMBERSHIPS = (
    "ARRAY(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
    " WHERE m.member = r.oid ORDER BY 1)"
)

_DATABASE_SETTINGS = (
    "ARRAY(SELECT s.setdatabase::text || ' ' || unnest(s.setconfig) FROM pg_db_role_setting s"
    " WHERE s.setrole = r.oid AND s.setdatabase <> 0 ORDER BY 1)"
)

_OWNED = (
    "SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid"
    " WHERE d.deptype = 'o' AND d.classid <> 'pg_default_acl'::regclass AND r.rolname = ANY(%s)"
)
# Default privileges are no object: they say what becomes of objects that the login makes itself, and those are counted.


def require_owner(connection: Connection, settings: DatabaseSettings, login: str) -> None:
    """Check, in a session of *login*, that it works as the owner; runs queries as it.

    Raises:
        RotationError: It acts as another role or lacks a right.
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
    connection.run("CREATE TEMPORARY TABLE alees_rotation_test ON COMMIT DROP AS SELECT 1 AS one")


def require_alike(connection: Connection, settings: DatabaseSettings) -> None:
    """Check that the logins have the same rights, and own nothing that another one could not use.

    A login that does not exist yet is left out. That one may log in is not compared: a revoked one may not.

    Raises:
        RotationError: They differ, one is no member of the owner, or an object belongs to one; AUTHENTICATION if there
            is none, as before the first setSecret.
    """
    logins = list(settings.logins)
    columns = sql.SQL(", ").join(map(sql.Identifier, _ATTRIBUTES))
    query = sql.SQL("SELECT {}, {}, {} FROM pg_roles r WHERE rolname = ANY(%s)").format(
        columns, sql.SQL(_DATABASE_SETTINGS), sql.SQL(_MEMBERSHIPS)
    )
    found = connection.run(query, (logins,)).fetchall()
    if not found:
        raise RotationError(Cause.AUTHENTICATION, "the server does not have the login")
    names = (*_ATTRIBUTES, "settings in databases", "memberships")
    different = [
        name for name, values in zip(names, zip(*found, strict=True), strict=True) if len(set(map(str, values))) > 1
    ]
    if different:
        raise RotationError(Cause.PRIVILEGE, f"the two logins differ in {', '.join(different)}; make them alike")
    owned = connection.run(_OWNED, (logins,)).fetchone()
    if owned != (0,):
        raise RotationError(
            Cause.PRIVILEGE,
            "objects belong to a login instead of the owner role, so no other login can change them; "
            "REASSIGN OWNED gives them to the owner",
        )
