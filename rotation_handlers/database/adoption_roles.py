"""Owner, logins, their memberships and attributes: what adoption does to roles."""

from collections.abc import Iterator

from psycopg import sql

from rotation_handlers.database.adoption_situation import MEMBERSHIP_OPTIONS, Situation, Statement

_COMPARED = {
    "rolcreatedb": ("CREATEDB", "NOCREATEDB"),
    "rolcreaterole": ("CREATEROLE", "NOCREATEROLE"),
    "rolinherit": ("INHERIT", "NOINHERIT"),
}
"""Attributes that a rotation compares between the logins, and how ALTER ROLE writes them."""

_IAM_LOGIN = "rds_iam"
"""Its members, through others too, cannot log in to Amazon RDS with a password.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html"""

_MEMBERS = "SELECT DISTINCT roleid::bigint, member::bigint FROM pg_auth_members WHERE member = ANY(%(members)s::oid[])"

_BETWEEN_LOGINS = """
SELECT quote_ident(g.rolname), quote_ident(u.rolname), quote_ident(pg_get_userbyid(m.grantor)), m.grantor::bigint
FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
WHERE g.rolname = ANY(%(logins)s::text[]) AND u.rolname = ANY(%(logins)s::text[])
"""


def plan_roles(situation: Situation) -> Iterator[Statement]:
    """Return what makes owner and logins exist, and lets the admin and the former role act for the owner."""
    owner, owner_sql = situation.owner, situation.owner_sql
    if owner is None:
        yield Statement(sql=f"CREATE ROLE {owner_sql} NOLOGIN", why="the owner role is missing")
    if owner is None or not (owner.usable and owner.settable):
        yield Statement(
            sql=situation.membership(owner_sql, "CURRENT_USER"),
            why="the admin must act for the owner role, now and at rotations",
        )
    if situation.version < MEMBERSHIP_OPTIONS and not situation.former.attributes["rolinherit"]:
        yield Statement(
            sql=f"ALTER ROLE {situation.former_sql} INHERIT",
            why="without it the former role's sessions would lose what becomes the owner's",
        )
    members = _memberships(situation)
    for name in dict.fromkeys([situation.former_name, *situation.settings.logins]):
        role, role_sql = situation.roles.get(name), situation.quoted[name]
        if role is None:
            yield Statement(
                sql=f"CREATE ROLE {role_sql} LOGIN", why="a login is missing; its first rotation lets it in"
            )
        if role is not situation.admin and (role is None or owner is None or (owner.oid, role.oid) not in members):
            yield Statement(
                sql=situation.membership(owner_sql, role_sql),
                why="it keeps every right on what becomes the owner's"
                if name == situation.former_name
                else "both logins act for the owner role",
            )


def plan_memberships(situation: Situation) -> Iterator[Statement]:
    """Return what gives the owner the memberships of the former role, and ends those between the logins."""
    for role, member, grantor, oid in situation.select(_BETWEEN_LOGINS, logins=list(situation.settings.logins)):
        modern = situation.version >= MEMBERSHIP_OPTIONS
        yield Statement(
            sql=f"REVOKE {role} FROM {member}{f' GRANTED BY {grantor}' if modern else ''}",
            why="no login may be a member of the other",
            acts_for=oid if modern else None,
        )
    if situation.former is situation.admin:
        return  # an admin's memberships are for administration
    members = _memberships(situation)
    kept = {situation.settings.owner, situation.former_name, *situation.settings.logins, _IAM_LOGIN}
    targets = [situation.settings.owner, *(situation.settings.logins if situation.former_is_login else ())]
    by_oid = {role.oid: (name, role) for name, role in situation.roles.items()}
    for group in sorted(oid for oid, member in members if member == situation.former.oid):
        name, role = by_oid[group]
        if name in kept:
            continue
        for target in targets:
            known = situation.roles.get(target)
            if known is None or (known is not situation.former and (group, known.oid) not in members):
                yield Statement(
                    sql=f"GRANT {identifier(name)} TO {situation.quoted[target]}",
                    why="the former role is a member of it",
                    cure=None if role.grantable else f"GRANT {identifier(name)} TO ADMIN WITH ADMIN OPTION",
                )


def plan_attributes(situation: Situation) -> Iterator[Statement]:
    """Return what makes the other login like the former role, when that is a login itself: rotations compare them."""
    if not situation.former_is_login:
        return
    former = dict(situation.former.attributes)
    if situation.version < MEMBERSHIP_OPTIONS:
        former["rolinherit"] = True
    for login in situation.settings.logins:
        known = situation.roles.get(login)
        has = known.attributes if known else _NEW_ROLE
        words = [words[not former[name]] for name, words in _COMPARED.items() if former[name] != has[name]]
        if former["rolconnlimit"] != has["rolconnlimit"]:
            words.append(f"CONNECTION LIMIT {former['rolconnlimit']}")
        if words:
            yield Statement(
                sql=f"ALTER ROLE {situation.quoted[login]} {' '.join(words)}",
                why="both logins must have the same attributes",
            )


_NEW_ROLE = {"rolcreatedb": False, "rolcreaterole": False, "rolinherit": True, "rolconnlimit": -1}


def identifier(name: str) -> str:
    """Return *name* quoted for SQL."""
    return sql.Identifier(name).as_string()


def _memberships(situation: Situation) -> set[tuple[int, int]]:
    """Return (role, member) of the direct memberships of owner, former role and logins."""
    names = (situation.settings.owner, situation.former_name, *situation.settings.logins)
    oids = [situation.roles[name].oid for name in names if name in situation.roles]
    query = _MEMBERS
    if situation.version >= MEMBERSHIP_OPTIONS:
        query += " AND (inherit_option OR roleid IS DISTINCT FROM %(owner)s::oid)"
    return {(role, member) for role, member in situation.select(query, members=oids)}
