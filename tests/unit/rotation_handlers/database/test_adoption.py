"""What adoption moves: every kind of object, rights, memberships and settings; and that it is done once."""

from dataclasses import replace

import pytest

from rotation_handlers.errors import Cause, RotationError
from tests.fakes.former import PASSWORD, Former, new_former, quoted
from tests.fakes.postgres import Connection
from tests.fakes.rotations import Rotations

pytestmark = pytest.mark.servers

OBJECTS = {
    "table with what hangs on it": (
        "CREATE TABLE t (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY, b text UNIQUE);"
        "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING"
    ),
    "partitioned table": "CREATE TABLE p (n int) PARTITION BY LIST (n); CREATE TABLE p1 PARTITION OF p DEFAULT",
    "inherited table": "CREATE TABLE parent (n int); CREATE TABLE child () INHERITS (parent)",
    "sequence": "CREATE SEQUENCE s",
    "view": "CREATE VIEW v AS SELECT 1 AS one",
    "materialized view": "CREATE MATERIALIZED VIEW m AS SELECT 1 AS one",
    "schema": "CREATE SCHEMA own; CREATE TABLE own.t (); CREATE TYPE own.mood AS ENUM ()",
    "composite type": "CREATE TYPE composite AS (a int)",
    "enumeration": "CREATE TYPE mood AS ENUM ('happy')",
    "domain": "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
    "range": "CREATE TYPE span AS RANGE (subtype = float8)",
    "functions": (
        "CREATE FUNCTION f(int, VARIADIC text[]) RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "CREATE FUNCTION f(OUT a int, OUT b int) LANGUAGE sql AS 'SELECT 1, 2';"
        "CREATE FUNCTION g() RETURNS TABLE (n int) LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
    ),
    "procedure": "CREATE PROCEDURE pr(a int, INOUT b int) LANGUAGE sql AS 'SELECT 1'",
    "aggregates": (
        "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);"
        "CREATE AGGREGATE zero(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');"
        "CREATE AGGREGATE ordered(ORDER BY int) (SFUNC = int4pl, STYPE = int)"
    ),
    "operator": "CREATE OPERATOR @@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl)",
    "prefix operator": "CREATE OPERATOR @#@ (RIGHTARG = int, FUNCTION = int4um)",
    "collation": "CREATE COLLATION \"Strange %s\" (LOCALE = 'C')",
    "conversion": "CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    "text search": (
        "CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple)"
    ),
    "statistics": "CREATE TABLE st (a int, b int); CREATE STATISTICS sts ON a, b FROM st",
    "large object": "SELECT lo_create(0)",
    "publication": "CREATE TABLE pt (n int); CREATE PUBLICATION pub FOR TABLE pt",
    "extension": "CREATE EXTENSION citext; CREATE TABLE with_citext (c citext)",
    "odd names": 'CREATE SCHEMA "Ein ""Schema""; %s"; CREATE TABLE "Ein ""Schema""; %s"."é %(x)s \'" ("a""b" int)',
}


def _run(former: Former, statements: str) -> None:
    with former.connect() as connection:
        for statement in statements.split(";") if '"' not in statements else [statements]:
            connection.execute(statement.encode())


def _admin(former: Former, *statements: str) -> None:
    with former.as_admin() as connection:
        for statement in statements:
            connection.execute(
                statement.format(
                    former=quoted(former.role),
                    owner=former.rotations.settings.owner,
                    database=former.rotations.settings.name,
                ).encode()
            )


@pytest.mark.parametrize("kind", OBJECTS)
def test_it_belongs_to_the_owner_when_it_is_adopted(former: Former, kind: str) -> None:
    _run(former, OBJECTS[kind])
    assert former.owned()

    planned = former.adopt(apply=False)
    assert former.owned()
    assert former.adopt() == planned

    assert former.owned() == []
    assert former.adopt() == []


def test_the_extensions_members_stay_when_the_extension_is_anothers(former: Former) -> None:
    _admin(former, "CREATE EXTENSION hstore", "CREATE TABLE member ()", "ALTER EXTENSION hstore ADD TABLE member")
    _admin(former, "GRANT {former} TO CURRENT_USER", "ALTER TABLE member OWNER TO {former}")

    former.adopt()

    assert former.owned() == [("table", "public.member")]
    assert former.adopt() == []


def test_the_database_moves_with_all_in_it_when_the_former_role_owns_it(former: Former) -> None:
    _admin(former, "GRANT {former} TO CURRENT_USER", "ALTER DATABASE {database} OWNER TO {former}")
    _admin(former, "REVOKE {former} FROM CURRENT_USER")
    _run(former, "CREATE SCHEMA own; CREATE TABLE own.t ()")

    former.adopt()

    assert former.owned() == []
    assert former.adopt() == []
    former.rotations.rotate()


def test_no_right_of_the_former_role_stays_with_the_admin(former: Former) -> None:
    _run(former, "CREATE TABLE t ()")

    former.adopt()

    with former.as_admin() as connection:
        row = connection.execute("SELECT pg_has_role(%s, 'USAGE')", [former.role]).fetchone()
    assert row == (False,)


def test_others_keep_what_the_former_role_granted_them(former: Former) -> None:
    reader = f"reader_{former.role}"
    _admin(former, f"CREATE ROLE {reader} LOGIN PASSWORD '{PASSWORD}'")
    _run(former, f"CREATE TABLE t (a int, b int); GRANT SELECT ON t TO {reader}; GRANT UPDATE (b) ON t TO {reader}")

    former.adopt()

    with former.login(reader) as connection:
        connection.execute("SELECT * FROM t")
        connection.execute("UPDATE t SET b = 1 WHERE false")


OTHERS = {
    "GRANT INSERT, SELECT ON TABLE public.o TO {owner}": ("CREATE TABLE o ()", "GRANT SELECT, INSERT ON o TO {former}"),
    "GRANT SELECT ON TABLE public.o TO {owner} WITH GRANT OPTION": (
        "CREATE TABLE o ()",
        "GRANT SELECT ON o TO {former} WITH GRANT OPTION",
    ),
    'GRANT UPDATE ("a b") ON TABLE public.o TO {owner}': (
        'CREATE TABLE o ("a b" int)',
        'GRANT UPDATE ("a b") ON o TO {former}',
    ),
    "GRANT USAGE ON SEQUENCE public.o TO {owner}": ("CREATE SEQUENCE o", "GRANT USAGE ON SEQUENCE o TO {former}"),
    "GRANT EXECUTE ON ROUTINE public.o(integer) TO {owner}": (
        "CREATE FUNCTION o(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT EXECUTE ON FUNCTION o(int) TO {former}",
    ),
    "GRANT USAGE ON TYPE public.o TO {owner}": ("CREATE TYPE o AS ENUM ()", "GRANT USAGE ON TYPE o TO {former}"),
    "GRANT USAGE ON SCHEMA o TO {owner}": ("CREATE SCHEMA o", "GRANT USAGE ON SCHEMA o TO {former}"),
    "GRANT CREATE, TEMPORARY ON DATABASE {database} TO {owner}": (
        "GRANT TEMPORARY ON DATABASE {database} TO {former}",
    ),
    "GRANT SELECT ON LARGE OBJECT 4711 TO {owner}": (
        "SELECT lo_create(4711)",
        "GRANT SELECT ON LARGE OBJECT 4711 TO {former}",
    ),
}


@pytest.mark.parametrize("grant", OTHERS)
def test_a_right_on_what_another_owns_reaches_the_owner(former: Former, grant: str) -> None:
    _admin(former, *OTHERS[grant])

    planned = former.adopt()

    settings = former.rotations.settings
    assert grant.format(owner=settings.owner, database=settings.name) in planned
    assert former.adopt() == []


def test_memberships_reach_the_owner_and_nobody_becomes_a_member_of_a_login(former: Former) -> None:
    group = f"group_{former.role}"
    _admin(former, f"CREATE ROLE {group}", f"GRANT {group} TO {{former}}")

    former.adopt()

    logins = former.rotations.settings.logins
    with former.as_admin() as connection:
        rows = connection.execute(
            "SELECT pg_has_role(%(owner)s, %(group)s, 'USAGE'), bool_or(pg_has_role(r, l, 'MEMBER'))"
            " FROM unnest(%(logins)s::text[]) l, unnest(%(roles)s::text[]) r WHERE r <> l",
            {
                "owner": former.rotations.settings.owner,
                "group": group,
                "logins": list(logins),
                "roles": [*logins, former.role, former.rotations.settings.owner],
            },
        ).fetchall()
    assert rows == [(True, False)]
    assert former.adopt() == []


@pytest.mark.parametrize("is_login", [False, True])
def test_both_logins_start_sessions_as_the_former_role_did(former: Former, is_login: bool) -> None:  # noqa: FBT001
    settings = former.rotations.settings
    if is_login:
        former.rotations.settings = settings = replace(settings, logins=(settings.logins[0], former.role))
    _admin(
        former,
        'CREATE SCHEMA "a\'b, ""c"""',
        'ALTER ROLE {former} SET search_path = "$user", "a\'b, ""c""", public',
        "ALTER ROLE {former} IN DATABASE {database} SET statement_timeout = '77s'",
        "ALTER ROLE {former} SET application_name = 'it''s \\ \"100%%\"'",
        "ALTER ROLE {former} SET role = 'none'" if is_login else "ALTER ROLE {former} CONNECTION LIMIT 9",
    )

    former.adopt()

    assert former.adopt() == []
    with former.connect() as connection:
        expected = _session(connection)
    for fields in (former.rotations.rotate(), former.rotations.rotate()):
        with former.rotations.login(fields) as connection:
            assert _session(connection) == expected
            assert connection.execute("SELECT current_user").fetchone() == (settings.owner,)


def _session(connection: Connection) -> list[object]:
    """Return what a session starts with."""
    return [
        connection.execute(f"SHOW {setting}").fetchone()
        for setting in ("search_path", "statement_timeout", "application_name")
    ]


@pytest.mark.parametrize("where", ["", "ALTER ROLE {former} SET", "ALTER DATABASE {database} SET"])
def test_the_schema_of_the_former_roles_name_stays_in_the_search_path(former: Former, where: str) -> None:
    _admin(former, f'{where} search_path = "$user", x, public' if where else "SELECT 1")
    _run(former, f"CREATE SCHEMA {former.role}")
    _run(former, "CREATE TABLE t (n int)")

    former.adopt()

    assert former.adopt() == []
    for fields in (former.rotations.rotate(), former.rotations.rotate()):
        with former.rotations.login(fields) as connection:
            row = connection.execute("SELECT current_schema, to_regclass('t') IS NULL").fetchone()
            assert row == (former.role, False)


def test_the_role_that_ends_logins_by_password_is_not_handed_on(former: Former) -> None:
    _admin(former, "DROP ROLE IF EXISTS rds_iam", "CREATE ROLE rds_iam", "GRANT rds_iam TO {former}")

    planned = former.adopt()

    assert not any("rds_iam" in statement for statement in planned)
    assert former.adopt() == []


def test_default_privileges_are_those_of_the_former_role(former: Former) -> None:
    reader = f"reader_{former.role}"
    _admin(former, f"CREATE ROLE {reader} LOGIN PASSWORD '{PASSWORD}'")
    _run(
        former,
        f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {reader};"  # noqa: S608 - names of this test
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {reader} WITH GRANT OPTION;"
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    )

    former.adopt()

    assert former.adopt() == []
    with former.rotations.login(former.rotations.rotate()) as connection:
        connection.execute("CREATE TABLE t (id serial)")
        connection.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        row = connection.execute(
            "SELECT has_table_privilege(%(reader)s, 't', 'SELECT'), has_table_privilege(%(reader)s, 't', 'INSERT'),"
            " has_sequence_privilege(%(reader)s, 't_id_seq', 'USAGE WITH GRANT OPTION'),"
            " has_function_privilege(%(reader)s, 'f()', 'EXECUTE')",
            {"reader": reader},
        ).fetchone()
    assert row == (True, False, True, False)


def test_what_another_role_makes_reaches_the_owner_when_it_reached_the_former_role(former: Former) -> None:
    _admin(former, "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {former}")

    former.adopt()

    _admin(former, "CREATE TABLE later ()")
    with former.rotations.login(former.rotations.rotate()) as connection:
        connection.execute("SELECT FROM later")
    assert former.adopt() == []


def test_row_policies_for_the_former_role_apply_to_the_logins(former: Former) -> None:
    _admin(
        former,
        "CREATE TABLE guarded AS SELECT 1 AS n",
        "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
        "GRANT SELECT ON guarded TO {former}",
        'CREATE POLICY "the %% policy" ON guarded TO {former} USING (true)',
    )

    former.adopt()

    assert former.adopt() == []
    with former.rotations.login(former.rotations.rotate()) as connection:
        assert connection.execute("SELECT n FROM guarded").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "name", ['Quo"te', "with space; --", "per%s%(x)s", "Ünïcode ☃", "x" * 63, "'", "$user", "select"]
)
def test_any_name_can_be_adopted(rotations: Rotations, name: str) -> None:
    unique = (name + rotations.settings.owner[-8:])[-63:]
    former = new_former(rotations, unique)
    rotations.settings = replace(
        rotations.settings,
        owner=f"o{unique}"[:60],
        logins=(f"a{unique}"[:59], unique),
    )
    _run(former, "CREATE TABLE t (n int)")

    former.adopt()

    assert former.adopt() == []
    for fields in (rotations.rotate(), rotations.rotate()):
        with rotations.login(fields) as connection:
            connection.execute("ALTER TABLE t ADD COLUMN IF NOT EXISTS m int")


@pytest.mark.parametrize("role", ["nobody", "pg_monitor", "{owner}"])
def test_the_role_is_refused_when_it_cannot_be_adopted(former: Former, role: str) -> None:
    former.rotations.rotate()

    with pytest.raises(RotationError, match="allowed is a role of the server") as caught:
        former.adopt(role=role.format(owner=former.rotations.settings.owner))

    assert caught.value.cause is Cause.BAD_EVENT
