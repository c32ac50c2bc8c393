"""What adoption reads once: server version, every role, and what the admin may do with each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rotation_handlers.database.connection import Connection
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.errors import Cause, RotationError

MEMBERSHIP_OPTIONS = 160000
"""server_version_num from which a membership has INHERIT and SET, and CREATEROLE alone gives no right to a role.
https://www.postgresql.org/docs/16/release-16.html"""

PARAMETER_RIGHTS = 150000
"""server_version_num from which there are rights on configuration parameters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement that adoption needs.

    Attributes:
        sql: The statement, all names quoted where they must be.
        why: What it is for, in a sentence.
        acts_for: Oid of the role whose rights the admin must have for it; None if the admin's own suffice.
        cure: What an administrator can run: if the admin cannot have those rights, or always without ``acts_for``. None
            for what follows from ``acts_for``.
    """

    sql: str
    why: str
    acts_for: int | None = None
    cure: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role as the server knows it.

    Attributes:
        oid: Its oid.
        attributes: Its ``rol...`` columns, by name.
        usable: Whether the admin has its rights without SET ROLE.
        settable: Whether the admin may SET ROLE to it.
        grantable: Whether the admin may grant it, and change it.
    """

    oid: int
    attributes: Mapping[str, Any]
    usable: bool
    settable: bool
    grantable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """The database before adoption.

    Attributes:
        connection: The admin's session.
        settings: Where the database is.
        version: server_version_num, such as 160014.
        admin: The session's role.
        former_name: Name of the role that is moved.
        roles: Every role of the server by name.
        quoted: Names of the settings and of the former role, quoted for SQL where they must be.
    """

    connection: Connection
    settings: DatabaseSettings
    version: int
    admin: Role
    former_name: str
    roles: Mapping[str, Role]
    quoted: Mapping[str, str]

    @property
    def former(self) -> Role:
        """The role that is moved."""
        return self.roles[self.former_name]

    @property
    def owner(self) -> Role | None:
        """The owner role; None before it is created."""
        return self.roles.get(self.settings.owner)

    @property
    def owner_sql(self) -> str:
        """The owner's name for SQL."""
        return self.quoted[self.settings.owner]

    @property
    def former_sql(self) -> str:
        """The former role's name for SQL."""
        return self.quoted[self.former_name]

    @property
    def former_is_login(self) -> bool:
        """Whether the former role is one of the configured logins."""
        return self.former_name in self.settings.logins

    def membership(self, role_sql: str, member_sql: str) -> str:
        """Return the grant after which *member_sql* has the rights of *role_sql* and may SET ROLE to it."""
        options = " WITH INHERIT TRUE, SET TRUE" if self.version >= MEMBERSHIP_OPTIONS else ""
        return f"GRANT {role_sql} TO {member_sql}{options}"

    def select(self, query: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of *query*, which can use ``%(former)s``, ``%(owner)s`` (perhaps null) and ``%(schema)s``."""
        shared = {
            "former": self.former.oid,
            "owner": self.owner.oid if self.owner else None,
            "schema": self.settings.schema,
        }
        return self.connection.run(query.encode(), shared | parameters).fetchall()


def read_situation(connection: Connection, settings: DatabaseSettings, former: str) -> Situation:
    """Read roles and version.

    Raises:
        RotationError: *former* is no role that can be adopted.
    """
    # Catalogs only: what the search path of the database holds must not stand before them.
    connection.run("SET LOCAL search_path = pg_catalog")
    version = connection.info.server_version
    roles = _roles(connection, version)
    if former not in roles or former == settings.owner or former.startswith("pg_"):
        raise RotationError(
            Cause.BAD_EVENT,
            f"Role is {former!r}; allowed is a role of the server, other than the owner role and predefined ones",
        )
    admin = next(role for role in roles.values() if role.attributes["is_admin"])
    names = [former, settings.owner, settings.schema, settings.name, *settings.logins]
    quoted = connection.run("SELECT name, quote_ident(name) FROM unnest(%s::text[]) name", (names,)).fetchall()
    return Situation(
        connection=connection,
        settings=settings,
        version=version,
        admin=admin,
        former_name=former,
        roles=roles,
        quoted={str(name): str(text) for name, text in quoted},
    )


def _roles(connection: Connection, version: int) -> dict[str, Role]:
    """Return all roles; before PostgreSQL 16 CREATEROLE may grant and change every one that is no superuser."""
    modern = version >= MEMBERSHIP_OPTIONS
    rows = connection.run(
        "SELECT r.oid::bigint, r.rolname, pg_has_role(r.oid, 'USAGE'), pg_has_role(r.oid, %(settable)s),"
        " pg_has_role(r.oid, 'USAGE WITH ADMIN OPTION') OR a.rolsuper"
        " OR %(by_attribute)s AND a.rolcreaterole AND NOT r.rolsuper, to_jsonb(r) - 'rolpassword'"
        " || jsonb_build_object('is_admin', r.oid = a.oid)"
        " FROM pg_roles r CROSS JOIN pg_roles a WHERE a.rolname = current_user",
        {"settable": "SET" if modern else "MEMBER", "by_attribute": not modern},
    ).fetchall()
    found: list[tuple[Any, ...]] = list(rows)
    return {
        name: Role(oid=oid, attributes=attributes, usable=usable, settable=settable, grantable=grantable)
        for oid, name, usable, settable, grantable, attributes in found
    }
