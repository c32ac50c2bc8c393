"""Rights on what others own, default privileges and row policies: what the former role has reaches the owner."""

from collections.abc import Iterator

from rotation_handlers.database.adoption_situation import PARAMETER_RIGHTS, Situation, Statement

_DEFAULTS_OF = {"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS", "L": "LARGE OBJECTS"}
_LARGE_OBJECT_DEFAULTS = 180000
"""server_version_num from which large objects have default privileges."""

_HOLDERS = """
SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, 'pg_class'::regclass AS class, c.oid,
  '' AS columns, c.relowner AS owner, c.relacl AS acl FROM pg_class c
UNION ALL SELECT 'TABLE', 'pg_class'::regclass, c.oid, ' (' || quote_ident(a.attname) || ')', c.relowner, a.attacl
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE NOT a.attisdropped
UNION ALL SELECT 'ROUTINE', 'pg_proc'::regclass, oid, '', proowner, proacl FROM pg_proc
UNION ALL SELECT 'TYPE', 'pg_type'::regclass, oid, '', typowner, typacl FROM pg_type
UNION ALL SELECT 'LANGUAGE', 'pg_language'::regclass, oid, '', lanowner, lanacl FROM pg_language
UNION ALL SELECT 'FOREIGN DATA WRAPPER', 'pg_foreign_data_wrapper'::regclass, oid, '', fdwowner, fdwacl
  FROM pg_foreign_data_wrapper
UNION ALL SELECT 'FOREIGN SERVER', 'pg_foreign_server'::regclass, oid, '', srvowner, srvacl FROM pg_foreign_server
UNION ALL SELECT 'LARGE OBJECT', 'pg_largeobject'::regclass, oid, '', lomowner, lomacl FROM pg_largeobject_metadata
UNION ALL SELECT 'TABLESPACE', 'pg_tablespace'::regclass, oid, '', spcowner, spcacl FROM pg_tablespace
UNION ALL SELECT 'DATABASE', 'pg_database'::regclass, oid, '', datdba, datacl FROM pg_database
  WHERE datname = current_database()
UNION ALL SELECT 'SCHEMA', 'pg_namespace'::regclass, oid, '', CASE WHEN nspowner::regrole::text = 'pg_database_owner'
  THEN (SELECT datdba FROM pg_database WHERE datname = current_database()) ELSE nspowner END, nspacl FROM pg_namespace
"""

_PARAMETER_HOLDERS = """
UNION ALL SELECT 'PARAMETER', 'pg_parameter_acl'::regclass, oid, '', 10, paracl FROM pg_parameter_acl
"""

_GRANTED = """
SELECT h.kind, i.identity, string_agg(g.privilege_type || h.columns, ', ' ORDER BY g.privilege_type, h.columns),
  g.is_grantable, CASE WHEN bool_and(EXISTS (
    SELECT FROM aclexplode(h.acl) a WHERE a.privilege_type = g.privilege_type AND a.is_grantable
      AND pg_has_role(a.grantee, 'USAGE'))) THEN NULL ELSE h.owner::bigint END
FROM ({holders}) h CROSS JOIN LATERAL aclexplode(h.acl) g
CROSS JOIN LATERAL pg_identify_object(h.class, h.oid, 0) i
WHERE h.acl IS NOT NULL AND g.grantee = %(former)s::oid
  AND h.owner <> %(former)s::oid AND h.owner IS DISTINCT FROM %(owner)s::oid
  AND coalesce(i.schema, '') !~ '^pg_(temp|toast)'
  AND NOT EXISTS (SELECT FROM aclexplode(h.acl) o WHERE o.grantee = %(owner)s::oid
    AND o.privilege_type = g.privilege_type AND o.is_grantable >= g.is_grantable)
GROUP BY h.kind, i.identity, g.is_grantable, h.owner ORDER BY h.kind, i.identity, g.is_grantable
"""

_DATABASE = """
SELECT string_agg(p.privilege, ', ' ORDER BY p.privilege), CASE WHEN bool_and(EXISTS (
    SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) g
    WHERE g.is_grantable AND g.privilege_type = p.privilege AND pg_has_role(g.grantee, 'USAGE')))
  THEN NULL ELSE d.datdba::bigint END
FROM pg_database d CROSS JOIN (VALUES ('CONNECT'), ('TEMPORARY')) p (privilege)
WHERE d.datname = current_database() AND d.datdba <> %(former)s::oid AND d.datdba IS DISTINCT FROM %(owner)s::oid
  AND NOT EXISTS (
    SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) g
    WHERE g.privilege_type = p.privilege AND (g.grantee = 0 OR g.grantee = %(owner)s::oid))
GROUP BY d.oid, d.datdba HAVING count(*) > 0
"""

# Three sources: the former role's own defaults, for the owner; those of others that name the former role; and what the
# former role's defaults took from PUBLIC.
_DEFAULTS = """
WITH entries AS (
  SELECT d.defaclrole AS role, d.defaclnamespace AS namespace, d.defaclobjtype AS kind, g.*
  FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) g),
built_in AS (
  SELECT %(owner)s::oid AS role, 0::oid AS namespace, k.kind, g.*
  FROM unnest(%(kinds)s::"char"[]) k (kind) CROSS JOIN LATERAL
    aclexplode(acldefault(CASE k.kind WHEN 'S' THEN 's' ELSE k.kind END, 10)) g WHERE g.grantee = 0),
held AS (
  SELECT * FROM entries UNION ALL SELECT * FROM built_in b WHERE NOT EXISTS (
    SELECT FROM pg_default_acl d WHERE d.defaclrole = %(owner)s::oid AND d.defaclnamespace = 0
      AND d.defaclobjtype = b.kind)),
wanted AS (
  SELECT 'GRANT' AS verb, 'own' AS source, %(owner)s::oid AS role, namespace, kind, grantee, privilege_type,
    is_grantable
  FROM entries WHERE role = %(former)s::oid AND grantee <> %(former)s::oid AND grantee IS DISTINCT FROM %(owner)s::oid
  UNION ALL SELECT 'GRANT', 'others', role, namespace, kind, %(owner)s::oid, privilege_type, is_grantable
  FROM entries WHERE grantee = %(former)s::oid AND role <> %(former)s::oid AND role IS DISTINCT FROM %(owner)s::oid),
missing AS (
  SELECT * FROM wanted w WHERE NOT EXISTS (
    SELECT FROM held h WHERE h.role = w.role AND h.namespace = w.namespace AND h.kind = w.kind
      AND h.grantee = w.grantee AND h.privilege_type = w.privilege_type AND h.is_grantable >= w.is_grantable)
  UNION ALL SELECT 'REVOKE', 'own', %(owner)s::oid, 0, b.kind, 0, b.privilege_type, false FROM built_in b
  WHERE EXISTS (SELECT FROM pg_default_acl d WHERE d.defaclrole = %(former)s::oid AND d.defaclnamespace = 0
      AND d.defaclobjtype = b.kind)
    AND NOT EXISTS (SELECT FROM entries e WHERE e.role = %(former)s::oid AND e.namespace = 0 AND e.kind = b.kind
      AND e.grantee = 0 AND e.privilege_type = b.privilege_type)
    AND (%(owner)s::oid IS NULL OR EXISTS (SELECT FROM held h WHERE h.role = %(owner)s::oid AND h.namespace = 0
      AND h.kind = b.kind AND h.grantee = 0 AND h.privilege_type = b.privilege_type)))
SELECT verb, source, quote_ident(r.rolname), quote_ident(n.nspname), kind::text,
  CASE WHEN source = 'own' THEN CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END END,
  string_agg(privilege_type, ', ' ORDER BY privilege_type), is_grantable, role::bigint
FROM missing LEFT JOIN pg_roles r ON r.oid = role LEFT JOIN pg_namespace n ON n.oid = namespace
GROUP BY verb, source, role, r.rolname, n.nspname, kind, grantee, is_grantable ORDER BY 1, 2, 3, 4, 5, 6
"""

_FOR_OWNER = """
SELECT k.kind::text FROM unnest(%(kinds)s::"char"[]) k (kind) WHERE EXISTS (
  SELECT FROM aclexplode(acldefault(CASE k.kind WHEN 'S' THEN 's' ELSE k.kind END, %(former)s::oid)) a
  WHERE a.grantee = %(former)s::oid AND NOT EXISTS (
    SELECT FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) g
    WHERE d.defaclrole = %(former)s::oid AND d.defaclnamespace = 0 AND d.defaclobjtype = k.kind
      AND g.grantee = %(owner)s::oid AND g.privilege_type = a.privilege_type))
"""

_POLICIES = """
SELECT quote_ident(p.polname), i.identity, c.relowner::bigint,
  (SELECT string_agg(quote_ident(pg_get_userbyid(r)), ', ' ORDER BY r) FROM unnest(p.polroles) r)
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) i
WHERE %(former)s::oid = ANY(p.polroles) AND NOT coalesce(%(owner)s::oid = ANY(p.polroles), false)
ORDER BY i.identity, p.polname
"""


def plan_grants(situation: Situation) -> Iterator[Statement]:
    """Return what gives the owner the rights that the former role has on others' objects."""
    for privileges, acts_for in situation.select(_DATABASE):
        grant = f"GRANT {privileges} ON DATABASE {situation.quoted[situation.settings.name]} TO"
        yield Statement(
            sql=f"{grant} {situation.owner_sql}",
            why="the owner role must be able to connect and to make temporary tables",
            acts_for=acts_for,
            cure=None if acts_for is None else f"{grant} ADMIN WITH GRANT OPTION",
        )
    holders = _HOLDERS + (_PARAMETER_HOLDERS if situation.version >= PARAMETER_RIGHTS else "")
    for kind, identity, privileges, grantable, acts_for in situation.select(_GRANTED.replace("{holders}", holders)):
        grant = f"GRANT {privileges} ON {kind} {identity} TO"
        yield Statement(
            sql=f"{grant} {situation.owner_sql}{' WITH GRANT OPTION' if grantable else ''}",
            why="the former role has this right on what another role owns",
            acts_for=acts_for,
            cure=None if acts_for is None else f"{grant} ADMIN WITH GRANT OPTION",
        )


def plan_default_privileges(situation: Situation) -> Iterator[Statement]:
    """Return what makes new objects accessible as before, whoever makes them."""
    kinds = [kind for kind in _DEFAULTS_OF if kind != "L" or situation.version >= _LARGE_OBJECT_DEFAULTS]
    for verb, source, role, schema, kind, grantee, privileges, grantable, oid in situation.select(
        _DEFAULTS, kinds=kinds
    ):
        where = f" IN SCHEMA {schema}" if schema else ""
        to = f"{'TO' if verb == 'GRANT' else 'FROM'} {grantee or situation.owner_sql}"
        yield Statement(
            sql=f"ALTER DEFAULT PRIVILEGES FOR ROLE {role or situation.owner_sql}{where} {verb} {privileges} "
            f"ON {_DEFAULTS_OF[kind]} {to}{' WITH GRANT OPTION' if grantable else ''}",
            why="the former role has this default privilege"
            if source == "own"
            else "the former role gets this right on what another role makes",
            acts_for=oid if source == "others" else None,
        )
    if situation.former_is_login:
        return  # its new sessions act as the owner; and a rotation counts a login's default privileges as objects of it
    for (kind,) in situation.select(_FOR_OWNER, kinds=kinds):
        yield Statement(
            sql=f"ALTER DEFAULT PRIVILEGES FOR ROLE {situation.former_sql} "
            f"GRANT ALL ON {_DEFAULTS_OF[kind]} TO {situation.owner_sql}",
            why="what the former role makes from now on must work for the logins too",
            acts_for=situation.former.oid,
        )


def plan_policies(situation: Situation) -> Iterator[Statement]:
    """Return what makes row policies for the former role apply to the owner as well."""
    for policy, table, table_owner, names in situation.select(_POLICIES):
        yield Statement(
            sql=f"ALTER POLICY {policy} ON {table} TO {names}, {situation.owner_sql}",
            why="this row policy names the former role",
            acts_for=table_owner,
        )
