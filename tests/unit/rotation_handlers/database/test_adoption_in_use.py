"""Adoption while the ERP goes on: connected sessions, busy tables, admins without rights, rotations afterwards."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from rotation_handlers.errors import Cause, RotationError
from tests.fakes.former import PASSWORD, Former
from tests.fakes.rotations import ADMIN_SECRET

pytestmark = pytest.mark.servers


def test_a_connected_session_keeps_reading_writing_and_creating(former: Former) -> None:
    with former.connect() as connected:
        connected.execute("CREATE TABLE t (id serial PRIMARY KEY, n int)")
        connected.execute("CREATE TEMPORARY TABLE own (n int)")

        former.adopt()

        connected.execute("INSERT INTO t (n) VALUES (1)")
        connected.execute("ALTER TABLE t ADD COLUMN later int")
        connected.execute("CREATE TABLE made_later (id serial)")
        connected.execute("CREATE SCHEMA made_later CREATE TABLE inside ()")
        connected.execute("INSERT INTO own VALUES (1)")
        with former.rotations.login(former.rotations.rotate()) as login:
            assert login.execute("SELECT n FROM t").fetchall() == [(1,)]
            login.execute("INSERT INTO made_later DEFAULT VALUES")
            login.execute("SELECT FROM made_later.inside")
        assert ("table", "public.made_later") in former.owned()

        former.adopt()

        assert [kind for kind, name in former.owned() if not name.startswith("pg_temp")] == []
        connected.execute("INSERT INTO made_later DEFAULT VALUES")
    assert former.adopt() == []


def test_an_open_transaction_that_only_reads_elsewhere_is_not_disturbed(former: Former) -> None:
    with former.connect() as connected, former.connect() as reading:
        connected.execute("CREATE TABLE t ()")
        with reading.transaction():
            reading.execute("SELECT count(*) FROM pg_type")

            former.adopt()

            reading.execute("SELECT FROM t")
    assert former.owned() == []


def test_nothing_is_changed_when_a_table_is_busy_and_all_when_it_is_free(former: Former) -> None:
    with former.connect() as busy:
        busy.execute("CREATE TABLE a (); CREATE TABLE z (n int)")
        before = former.adopt(apply=False)
        with busy.transaction():
            busy.execute("INSERT INTO z VALUES (1)")

            with pytest.raises(
                RotationError, match=r"busy, and nothing was changed; .*ALTER TABLE public\.z"
            ) as caught:
                former.adopt()

            assert former.adopt(apply=False) == before
        assert caught.value.cause is Cause.LOCK
        assert former.adopt() == before


@pytest.mark.parametrize("position", [0, 1])
def test_rotations_follow_when_the_former_role_is_one_of_the_logins(former: Former, position: int) -> None:
    rotations = former.rotations
    logins = [rotations.settings.logins[0]]
    logins.insert(position, former.role)
    rotations.settings = replace(rotations.settings, logins=tuple(logins))
    with former.as_admin() as connection:
        connection.execute(f"ALTER ROLE {former.role} CREATEDB CONNECTION LIMIT 20")
        connection.execute(f"CREATE ROLE group_{former.role}")
        connection.execute(f"GRANT group_{former.role} TO {former.role}")
    with former.connect() as connected:
        connected.execute("CREATE TABLE t (n int)")

        former.adopt()

        assert former.adopt() == []
        for _ in range(3):
            fields = rotations.rotate()
            with rotations.login(fields) as login:
                login.execute("ALTER TABLE t ADD COLUMN IF NOT EXISTS m int")
                login.execute(f"CREATE TABLE IF NOT EXISTS made_{fields['username']} ()")
        connected.execute("INSERT INTO t (n) VALUES (1)")


def test_its_password_works_after_the_first_rotation_when_the_former_role_is_the_second_login(former: Former) -> None:
    settings = former.rotations.settings
    former.rotations.settings = replace(settings, logins=(settings.logins[0], former.role))
    former.adopt()

    former.rotations.rotate()

    former.connect().close()


def test_rotations_follow_when_the_logins_were_a_user_and_its_clone(former: Former) -> None:
    rotations = former.rotations
    clone = f"{former.role}_clone"
    rotations.settings = replace(rotations.settings, logins=(former.role, clone))
    with former.as_admin() as connection:
        connection.execute(f"CREATE ROLE {clone} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"GRANT {former.role} TO {clone}")
    with former.connect() as connected, former.login(clone) as cloned:
        connected.execute("CREATE TABLE t ()")
        cloned.execute("CREATE TEMPORARY TABLE own ()")

        former.adopt()

        cloned.execute("SELECT FROM t")
    former.adopt(role=clone)
    assert former.adopt() == []
    for _ in range(3):
        with rotations.login(rotations.rotate()) as login:
            login.execute("ALTER TABLE t ADD COLUMN IF NOT EXISTS n int")


def test_the_admins_own_membership_is_as_before(former: Former) -> None:
    members = (
        "SELECT g.rolname, m.* FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " WHERE g.rolname = %s AND m.member = current_user::regrole ORDER BY m.grantor"
    )
    with former.connect() as connection:
        connection.execute("CREATE TABLE t ()")
    with former.as_admin() as admin:
        options = " WITH INHERIT FALSE, SET TRUE" if admin.info.server_version >= 160000 else ""
        admin.execute(f"GRANT {former.role} TO CURRENT_USER{options}".encode())
        before = admin.execute(members, [former.role]).fetchall()

        former.adopt()

        assert before
        assert admin.execute(members, [former.role]).fetchall() == before
    assert former.owned() == []


def test_a_rotation_before_changes_nothing_of_what_adoption_does(former: Former) -> None:
    former.rotations.rotate()
    former.rotations.rotate()
    with former.connect() as connection:
        connection.execute("CREATE TABLE t ()")

    former.adopt()

    assert former.adopt() == []
    assert former.owned() == []


def test_nothing_is_left_to_do_when_the_admin_itself_was_the_role(former: Former) -> None:
    with former.as_admin() as connection:
        connection.execute("CREATE TABLE t ()")
        connection.execute("CREATE SCHEMA own CREATE TABLE inside ()")

    former.adopt(role=former.admin[0])

    with former.rotations.login(former.rotations.rotate()) as login:
        login.execute("ALTER TABLE t ADD COLUMN n int")
        login.execute("DROP TABLE own.inside")
    assert former.adopt(role=former.admin[0], apply=False) == []


def _other_admin(former: Former, attributes: str = "CREATEROLE CREATEDB") -> str:
    """Make another admin, who did not create the former role, and have adoption use it."""
    name = f"admin_{former.role}"
    with former.as_admin() as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN {attributes} PASSWORD '{PASSWORD}'")
        connection.execute(f"GRANT CREATE ON SCHEMA public TO {name} WITH GRANT OPTION")
    former.admin = (name, PASSWORD)
    former.rotations.store.others[ADMIN_SECRET] = json.dumps({"username": name, "password": PASSWORD})
    return name


def _refusal(former: Former) -> list[str]:
    """Return what an administrator has to run, after a look that dry run and apply say the same."""
    messages = set()
    for apply in (False, True):
        with pytest.raises(RotationError, match="the admin may not do all that is needed, and nothing was") as caught:
            former.adopt(apply=apply)
        assert caught.value.cause is Cause.PRIVILEGE
        messages.add(str(caught.value))
    (message,) = messages
    assert former.admin[0] not in message.replace(former.role, "")
    return message.partition("admin secret): ")[2].split("; ")


def test_it_is_told_what_to_run_first_and_works_then_when_the_admin_lacks_rights(former: Former) -> None:
    running = former.rotations.server.running
    with former.connect() as connection:
        connection.execute("CREATE TABLE t ()")
        connection.execute("CREATE SCHEMA own")
    admin = _other_admin(former, "CREATEROLE")

    cures = _refusal(former)

    assert f"GRANT CREATE ON DATABASE {former.rotations.settings.name} TO ADMIN" in cures
    with former.login(running.admin, running.password) as administrator:
        for cure in cures:
            administrator.execute(re.sub(r"\bADMIN\b(?! OPTION)", admin, cure).encode())
    former.adopt()
    assert former.owned() == []
    former.rotations.login(former.rotations.rotate()).close()


@pytest.mark.parametrize(
    ("attributes", "change", "cure"),
    [
        ("CREATEDB", "SELECT 1", "ALTER ROLE ADMIN CREATEROLE"),
        ("CREATEROLE", "ALTER DATABASE {database} OWNER TO {former}", "ALTER ROLE ADMIN CREATEDB"),
        ("CREATEROLE", "GRANT {admin} TO {former}", "REVOKE ADMIN FROM {former}"),
        ("CREATEROLE", "CREATE ROLE {owner}; GRANT {former} TO {owner}", "REVOKE {former} FROM {owner}"),
    ],
)
def test_the_missing_right_is_named(former: Former, attributes: str, change: str, cure: str) -> None:
    admin, settings = _other_admin(former, attributes), former.rotations.settings
    names = {"database": settings.name, "former": former.role, "owner": settings.owner, "admin": admin}
    running = former.rotations.server.running
    with former.login(running.admin, running.password) as administrator:
        administrator.execute(f"GRANT {former.role} TO {running.admin}")
        administrator.execute(change.format(**names).encode())

    assert cure.format(**names) in _refusal(former)


def test_the_other_database_is_named_when_a_login_owns_something_there(former: Former) -> None:
    settings = former.rotations.settings
    former.rotations.settings = replace(settings, logins=(settings.logins[0], former.role))
    other = f"other_{former.role}"
    with former.as_admin() as admin:
        admin.execute(f"GRANT {former.role} TO CURRENT_USER")
        admin.execute(f"CREATE DATABASE {other} OWNER {former.role}")

        cures = _refusal(former)

        admin.execute(f"DROP DATABASE {other}")
    assert cures == [
        f"CREATE ROLE {settings.owner} NOLOGIN",
        f"in the database {other}: REASSIGN OWNED BY {former.role} TO {settings.owner}",
    ]


def test_the_application_is_not_ended_when_it_holds_what_adoption_waits_for(former: Former) -> None:
    with former.connect() as busy, former.as_admin() as watching, ThreadPoolExecutor() as pool:
        busy.execute("CREATE TABLE a (n int); CREATE TABLE z (n int)")
        with busy.transaction():
            busy.execute("INSERT INTO z VALUES (1)")
            adoption = pool.submit(former.adopt)
            while not (adoption.done() or watching.execute("SELECT FROM pg_locks WHERE NOT granted").fetchall()):
                pass

            busy.execute("INSERT INTO a VALUES (1)")  # waits for adoption, which waits for this transaction

        with pytest.raises(RotationError, match="busy"):
            adoption.result()


@pytest.mark.parametrize("event", [{}, {"Role": "erp"}, {"Role": 1, "Apply": True}, {"Role": "erp", "Apply": "yes"}])
def test_the_event_is_refused_when_it_is_not_whole(former: Former, event: dict[str, object]) -> None:
    with pytest.raises(RotationError, match="adopt takes Role, a role's name, and Apply") as caught:
        former.send(event)

    assert caught.value.cause is Cause.BAD_EVENT


def test_no_password_is_sent_and_no_name_of_the_admin_told(former: Former) -> None:
    with former.connect() as connection:
        connection.execute("CREATE TABLE t ()")

    planned = "\n".join(former.adopt())

    assert "PASSWORD" not in planned.upper()
    assert former.admin[0] not in planned
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        former.login(former.rotations.settings.logins[0], "x")
