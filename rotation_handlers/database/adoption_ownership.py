"""Whose objects are whose: everything that the former role owns in this database becomes the owner's."""

from collections.abc import Iterator

from rotation_handlers.database.adoption_situation import Situation, Statement

_KEYWORDS = {
    "database": "DATABASE",
    "schema": "SCHEMA",
    "language": "LANGUAGE",
    "server": "SERVER",
    "type": "TYPE",
    "collation": "COLLATION",
    "conversion": "CONVERSION",
    "function": "ROUTINE",
    "procedure": "ROUTINE",
    "aggregate": "ROUTINE",
    "operator": "OPERATOR",
    "operator family": "OPERATOR FAMILY",
    "operator class": "OPERATOR CLASS",
    "text search dictionary": "TEXT SEARCH DICTIONARY",
    "text search configuration": "TEXT SEARCH CONFIGURATION",
    "sequence": "SEQUENCE",
    "table": "TABLE",
    "foreign table": "FOREIGN TABLE",
    "view": "VIEW",
    "materialized view": "MATERIALIZED VIEW",
    "statistics object": "STATISTICS",
    "large object": "LARGE OBJECT",
    "publication": "PUBLICATION",
    "subscription": "SUBSCRIPTION",
}
"""How pg_identify_object names a kind and how ALTER does, in the order in which they move: the database first, since
its new owner may then create in it."""

# A sequence that belongs to a column follows its table. Other sessions' temporary objects cannot be altered.
_OWNED = """
SELECT i.type, i.schema, i.identity
FROM pg_shdepend d CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = %(former)s::oid AND d.deptype = 'o'
  AND (d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       OR d.classid = 'pg_database'::regclass AND i.identity = quote_ident(current_database()))
  AND i.schema IS DISTINCT FROM 'pg_temp' AND coalesce(i.schema, '') !~ '^pg_(temp|toast)'
  AND NOT EXISTS (
    SELECT FROM pg_depend m WHERE m.classid = d.classid AND m.objid = d.objid
      AND (m.deptype = 'e' OR i.type = 'sequence' AND m.deptype IN ('a', 'i') AND m.refobjsubid > 0))
ORDER BY i.type, i.identity
"""

# Owning an object means being allowed to create in its schema: PostgreSQL asks for it, of the new owner.
_SCHEMAS = """
SELECT quote_ident(n.nspname), string_agg(p.privilege, ', ' ORDER BY p.privilege DESC),
  CASE WHEN bool_and(EXISTS (
    SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) g
    WHERE g.is_grantable AND g.privilege_type = p.privilege AND pg_has_role(g.grantee, 'USAGE')))
    THEN NULL ELSE o.owner::bigint END
FROM pg_namespace n CROSS JOIN (VALUES ('USAGE'), ('CREATE')) p (privilege)
CROSS JOIN pg_database d CROSS JOIN LATERAL (
  SELECT CASE WHEN n.nspowner::regrole::text = 'pg_database_owner' THEN d.datdba ELSE n.nspowner END AS owner) o
WHERE d.datname = current_database() AND (n.nspname = %(schema)s OR quote_ident(n.nspname) = ANY(%(schemas)s::text[]))
  AND o.owner <> %(former)s::oid AND o.owner IS DISTINCT FROM %(owner)s::oid
  AND NOT EXISTS (
    SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) g
    WHERE g.privilege_type = p.privilege AND (g.grantee = 0 OR g.grantee = %(owner)s::oid))
GROUP BY n.oid, n.nspname, o.owner
"""

# REASSIGN OWNED moves all that is left, so only where that is nothing but extensions and members of these.
_EXTENSIONS = """
WITH owned AS (
  SELECT * FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = %(former)s::oid AND deptype = 'o')
SELECT EXISTS (SELECT FROM owned JOIN pg_extension e ON classid = 'pg_extension'::regclass AND objid = e.oid
               WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND NOT EXISTS (SELECT FROM owned WHERE dbid = 0
                  AND objid <> (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND NOT EXISTS (SELECT FROM owned JOIN pg_depend m USING (classid, objid) JOIN pg_extension e ON m.refobjid = e.oid
                  WHERE m.deptype = 'e' AND e.extowner <> %(former)s::oid)
"""


def plan_ownership(situation: Situation) -> Iterator[Statement]:
    """Return what gives the former role's objects to the owner; members of extensions go with their extension."""
    owned = [row for row in situation.select(_OWNED) if row[0] in _KEYWORDS]
    schemas = sorted({schema for _, schema, _ in owned if schema})
    for schema, privileges, acts_for in situation.select(_SCHEMAS, schemas=schemas):
        grant = f"GRANT {privileges} ON SCHEMA {schema} TO"
        yield Statement(
            sql=f"{grant} {situation.owner_sql}",
            why="the owner role must be able to create where its objects are",
            acts_for=acts_for,
            cure=None if acts_for is None else f"{grant} ADMIN WITH GRANT OPTION",
        )
    order = list(_KEYWORDS)
    for kind, _, identity in sorted(owned, key=lambda row: order.index(row[0])):
        yield Statement(
            sql=f"ALTER {_KEYWORDS[kind]} {identity} OWNER TO {situation.owner_sql}",
            why=f"this {kind} belongs to the former role",
            acts_for=situation.former.oid,
        )
    if situation.select(_EXTENSIONS) == [(True,)]:
        yield Statement(
            sql=f"REASSIGN OWNED BY {situation.former_sql} TO {situation.owner_sql}",
            why="an extension belongs to the former role, and no other statement moves one",
            acts_for=situation.former.oid,
        )
