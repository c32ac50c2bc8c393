"""What the admin lacks for an adoption: lent meanwhile where that is possible, else told before anything changes."""

from collections.abc import Iterator, Sequence

from rotation_handlers.database.adoption_roles import identifier
from rotation_handlers.database.adoption_situation import MEMBERSHIP_OPTIONS, Role, Situation, Statement
from rotation_handlers.errors import Cause, RotationError

_OWN_GRANT = """
SELECT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles a ON a.oid = m.member
  WHERE a.rolname = current_user AND m.roleid = %(role)s::oid)
"""

_MAY_CREATE = """
SELECT has_database_privilege(current_database(), 'CREATE') OR datdba = %(former)s::oid OR datdba = %(owner)s::oid
FROM pg_database WHERE datname = current_database()
"""

_ELSEWHERE = """
SELECT DISTINCT quote_ident(d.datname) FROM pg_shdepend s JOIN pg_database d
  ON d.oid = s.dbid OR s.classid = 'pg_database'::regclass AND d.oid = s.objid
WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = %(former)s::oid AND s.deptype = 'o'
  AND d.datname <> current_database() ORDER BY 1
"""

_IS_MEMBER = "SELECT pg_has_role(%(member)s::oid, %(role)s::oid, 'MEMBER')"


def lend(situation: Situation, statements: Sequence[Statement]) -> tuple[list[Statement], list[Statement]]:
    """Return what gives the admin the rights that *statements* need, and what takes them away again."""
    first, last = [], []
    for role in _missing(situation, statements):
        name = _sql_name(situation, role)
        why = "the admin must act for this role while it changes what is that role's"
        first.append(
            Statement(
                sql=f"GRANT {name} TO CURRENT_USER"
                + (" WITH INHERIT TRUE" if situation.version >= MEMBERSHIP_OPTIONS else ""),
                why=why,
            )
        )
        own = _OWN_GRANT
        if situation.version >= MEMBERSHIP_OPTIONS:
            own = own.replace("%(role)s::oid)", "%(role)s::oid AND m.grantor = a.oid)")
        before = situation.select(own, role=role.oid) == [(True,)]
        last.append(
            Statement(
                sql=f"REVOKE {'INHERIT OPTION FOR ' if before else ''}{name} FROM CURRENT_USER",
                why="the admin acted for this role only meanwhile",
            )
        )
    return first, last


def require_possible(situation: Situation, statements: Sequence[Statement]) -> None:
    """Check that the admin may run *statements*.

    Raises:
        RotationError: Some not; the message has what an administrator has to run first. ``ADMIN`` stands there for the
            user name in the admin secret, which is not told.
    """
    cures = list(dict.fromkeys([*_role_cures(situation), *_statement_cures(situation, statements)]))
    if cures:
        raise RotationError(
            Cause.PRIVILEGE,
            "the admin may not do all that is needed, and nothing was changed; an administrator has to run first "
            f"(ADMIN stands for the user name in the admin secret): {'; '.join(cures)}",
        )


def _role_cures(situation: Situation) -> Iterator[str]:
    admin = situation.admin
    if admin.attributes["rolsuper"]:
        return
    if not admin.attributes["rolcreaterole"]:
        yield "ALTER ROLE ADMIN CREATEROLE"
    if situation.version < MEMBERSHIP_OPTIONS and not admin.attributes["rolinherit"]:
        yield "ALTER ROLE ADMIN INHERIT"
    yield from _cycle_cures(situation)
    if situation.former_is_login:
        yield from _elsewhere_cures(situation)
    powers = {"rolsuper": "NOSUPERUSER", "rolbypassrls": "NOBYPASSRLS"}
    if situation.former_is_login:
        powers["rolreplication"] = "NOREPLICATION"
    for attribute, word in powers.items():
        if situation.former.attributes[attribute]:
            yield f"ALTER ROLE {situation.former_sql} {word}"
    for name in (situation.settings.owner, *situation.settings.logins):
        role = situation.roles.get(name)
        if role and role is not admin and not role.grantable:
            yield _grant_cure(situation.quoted[name])


def _cycle_cures(situation: Situation) -> Iterator[str]:
    """Return what ends memberships that stand against those that are to be made."""
    admin, former, owner = situation.admin, situation.former, situation.owner
    if owner and situation.select(_IS_MEMBER, member=owner.oid, role=former.oid) == [(True,)]:
        yield f"REVOKE {situation.former_sql} FROM {situation.owner_sql}"
    if former is not admin and situation.select(_IS_MEMBER, member=former.oid, role=admin.oid) == [(True,)]:
        yield f"REVOKE ADMIN FROM {situation.former_sql}"


def _elsewhere_cures(situation: Situation) -> Iterator[str]:
    """Return what moves objects in other databases: rotations refuse a login that owns anything anywhere."""
    for (database,) in situation.select(_ELSEWHERE):
        if situation.owner is None:
            yield f"CREATE ROLE {situation.owner_sql} NOLOGIN"
        yield f"in the database {database}: REASSIGN OWNED BY {situation.former_sql} TO {situation.owner_sql}"


def _statement_cures(situation: Situation, statements: Sequence[Statement]) -> Iterator[str]:
    missing = {role.oid: role for role in _missing(situation, statements) if not role.grantable}
    for statement in statements:
        if statement.acts_for is None and statement.cure:
            yield statement.cure
        elif statement.acts_for in missing:
            role = missing[statement.acts_for]
            powerful = role.attributes["rolsuper"] or role.attributes["rolname"].startswith("pg_")
            yield statement.cure or (statement.sql if powerful else _grant_cure(_sql_name(situation, role)))
        if statement.sql.startswith("ALTER DATABASE ") and not situation.admin.attributes["rolcreatedb"]:
            yield "ALTER ROLE ADMIN CREATEDB"
        if statement.sql.startswith("ALTER SCHEMA ") and situation.select(_MAY_CREATE) != [(True,)]:
            yield f"GRANT CREATE ON DATABASE {situation.quoted[situation.settings.name]} TO ADMIN"


def _missing(situation: Situation, statements: Sequence[Statement]) -> list[Role]:
    """Return the roles whose rights *statements* need and the admin has not; the owner's it gets for good."""
    needed = {statement.acts_for for statement in statements}
    needed.discard(situation.owner.oid if situation.owner else None)
    return [role for role in situation.roles.values() if role.oid in needed and not role.usable]


def _grant_cure(role_sql: str) -> str:
    return f"GRANT {role_sql} TO ADMIN WITH ADMIN OPTION"


def _sql_name(situation: Situation, role: Role) -> str:
    name = str(role.attributes["rolname"])
    return situation.quoted.get(name) or identifier(name)
