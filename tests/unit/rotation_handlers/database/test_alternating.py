"""Rotations of a real PostgreSQL, with crashes, duplicates and interleavings."""

import json
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from local_cloud.postgres.certificates import make_server_certificate
from rotation_handlers.errors import Cause, OvertakenError, RotationError, UnusablePendingError
from rotation_handlers.rotation import Step
from tests.fakes.forwarder import forwarded
from tests.fakes.rotations import ADMIN_SECRET, Rotations

pytestmark = pytest.mark.servers


def test_the_new_login_works_when_an_empty_database_is_rotated(rotations: Rotations) -> None:
    fields = rotations.rotate()

    with rotations.login(fields) as connection:
        row = connection.execute("SELECT session_user, current_user").fetchone()
    assert row == (rotations.settings.logins[0], rotations.settings.owner)


def test_the_other_login_is_current_and_the_old_one_works_after_a_second_rotation(rotations: Rotations) -> None:
    before = rotations.rotate()
    after = rotations.rotate()

    assert (before["username"], after["username"]) == rotations.settings.logins
    for fields in (before, after):
        rotations.login(fields).close()


def test_the_oldest_password_is_refused_after_a_third_rotation(rotations: Rotations) -> None:
    oldest = rotations.rotate()
    rotations.rotate()
    rotations.rotate()

    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        rotations.login(oldest)


def test_objects_of_one_login_can_be_altered_and_read_by_the_other(rotations: Rotations) -> None:
    with rotations.login(rotations.rotate()) as connection:
        connection.execute("CREATE TABLE invoice (id integer)")
        connection.execute("INSERT INTO invoice VALUES (1)")

    with rotations.login(rotations.rotate()) as connection:
        connection.execute("ALTER TABLE invoice ADD COLUMN paid boolean")
        assert connection.execute("SELECT id, paid FROM invoice").fetchall() == [(1, None)]
        owner = connection.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'invoice'").fetchone()
    assert owner == (rotations.settings.owner,)


def test_neither_login_is_a_member_of_the_other_when_both_exist(rotations: Rotations) -> None:
    rotations.rotate()
    fields = rotations.rotate()

    with rotations.login(fields) as connection:
        members = connection.execute(
            "SELECT g.rolname, u.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
            " JOIN pg_roles u ON u.oid = m.member WHERE g.rolname = ANY(%s)",
            (list(rotations.settings.logins),),
        ).fetchall()
    assert {member for _, member in members} <= {rotations.server.running.admin}


def test_eleven_calls_of_secrets_manager_and_three_connections_suffice_for_a_rotation(rotations: Rotations) -> None:
    rotations.rotate()
    rotations.store.calls.clear()
    before = rotations.server.connections_authorized(rotations.settings.name)

    rotations.rotate()

    assert rotations.store.calls.total() == 11
    assert rotations.server.connections_authorized(rotations.settings.name) - before == 3


def test_no_password_reaches_the_servers_log_when_statements_are_logged(rotations: Rotations) -> None:
    values = [rotations.rotate() for _ in range(2)]

    log = rotations.server.log()
    assert "ALTER ROLE" in log
    assert "SCRAM-SHA-256$" in log
    for fields in values:
        assert fields["password"] not in log


@pytest.mark.parametrize("step", Step)
def test_nothing_changes_when_a_step_is_repeated_after_the_rotation(rotations: Rotations, step: Step) -> None:
    rotations.rotate()
    token = rotations.start()
    rotations.steps(token)
    fields = rotations.store.current()

    rotations.step(step, token)

    assert rotations.store.current() == fields
    rotations.login(fields).close()


@pytest.mark.parametrize("step", Step)
def test_the_rotation_completes_when_every_step_is_done_twice(rotations: Rotations, step: Step) -> None:
    token = rotations.start()
    for each in Step:
        rotations.step(each, token)
        if each is step:
            rotations.step(each, token)

    rotations.login(rotations.store.current()).close()


def _crash_at(number: int) -> Callable[[str], None]:
    seen = iter(range(1000))

    def before(_: str) -> None:
        if next(seen) == number:
            raise ConnectionResetError

    return before


@pytest.mark.parametrize("call", range(10))
def test_current_works_and_the_next_try_completes_when_any_call_crashes(rotations: Rotations, call: int) -> None:
    rotations.rotate()
    token = rotations.start()
    rotations.store.before = _crash_at(call)
    with pytest.raises(ConnectionResetError):
        rotations.steps(token)
    rotations.store.before = None
    rotations.login(rotations.store.current()).close()

    rotations.steps(token)

    assert rotations.store.labels["AWSCURRENT"] == token
    rotations.login(rotations.store.current()).close()


@pytest.mark.parametrize("call", range(2))
def test_current_works_and_the_next_try_completes_when_a_writing_calls_answer_is_lost(
    rotations: Rotations, call: int
) -> None:
    rotations.rotate()
    token = rotations.start()
    rotations.store.after = _crash_at(call)
    with pytest.raises(ConnectionResetError):
        rotations.steps(token)
    rotations.store.after = None
    rotations.login(rotations.store.current()).close()

    rotations.steps(token)

    assert rotations.store.labels["AWSCURRENT"] == token
    rotations.login(rotations.store.current()).close()


def test_current_works_and_the_next_try_completes_when_the_function_dies_after_the_change(rotations: Rotations) -> None:
    rotations.rotate()
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    rotations.step(Step.SET, token)  # committed; then nobody hears of it
    rotations.login(rotations.store.current()).close()

    rotations.steps(token)

    rotations.login(rotations.store.current()).close()


def test_a_pending_value_is_made_anew_when_the_endpoint_was_mended_since(rotations: Rotations) -> None:
    mended = rotations.settings
    rotations.settings = replace(mended, host="wrong.invalid")
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    with pytest.raises(RotationError) as caught:
        rotations.step(Step.SET, token)
    assert caught.value.cause is Cause.DNS
    rotations.settings = mended

    with pytest.raises(UnusablePendingError, match="another endpoint"):
        rotations.step(Step.CREATE, token)

    assert rotations.rotate()["host"] == mended.host


def test_the_logins_stay_alike_when_another_admin_takes_over(rotations: Rotations) -> None:
    rotations.rotate()
    rotations.rotate()
    settings, server = rotations.settings, rotations.server
    second = f"second_{settings.owner}"
    with server.as_admin(settings.name) as connection:
        connection.execute(f"CREATE ROLE {second} LOGIN CREATEROLE PASSWORD 'only-for-this-test'")
        for role in (settings.owner, *settings.logins):
            connection.execute(f"GRANT {role} TO {second} WITH ADMIN OPTION")
        connection.execute(f"GRANT ALL ON DATABASE {settings.name} TO {second} WITH GRANT OPTION")
        connection.execute(f"GRANT ALL ON SCHEMA public TO {second} WITH GRANT OPTION")
    rotations.store.others[ADMIN_SECRET] = json.dumps({"username": second, "password": "only-for-this-test"})

    for _ in range(2):
        rotations.login(rotations.rotate()).close()


def test_the_new_login_never_expires_when_it_once_had_an_end(rotations: Rotations) -> None:
    rotations.rotate()
    rotations.rotate()
    with rotations.server.as_admin(rotations.settings.name) as connection:
        connection.execute(f"ALTER ROLE {rotations.settings.logins[0]} VALID UNTIL '2001-01-01'")

    rotations.login(rotations.rotate()).close()


def test_the_cause_is_the_database_when_it_does_not_exist(rotations: Rotations) -> None:
    rotations.settings = replace(rotations.settings, name="nowhere")
    token = rotations.start()
    rotations.step(Step.CREATE, token)

    with pytest.raises(RotationError) as caught:
        rotations.step(Step.SET, token)

    assert caught.value.cause is Cause.DATABASE


@pytest.mark.parametrize("behind", range(1, 4))
def test_current_works_when_a_newer_rotation_overtakes_and_the_older_one_goes_on(
    rotations: Rotations, behind: int
) -> None:
    rotations.rotate()
    older = rotations.start()
    steps = list(Step)
    for step in steps[:behind]:
        rotations.step(step, older)
    newer = rotations.start()
    rotations.steps(newer)

    with pytest.raises(OvertakenError):
        rotations.step(steps[behind], older)

    assert rotations.store.labels["AWSCURRENT"] == newer
    rotations.login(rotations.store.current()).close()


def test_the_label_stays_when_a_newer_rotation_changes_the_login_during_finish(rotations: Rotations) -> None:
    rotations.rotate()
    older = rotations.start()
    for step in (Step.CREATE, Step.SET, Step.TEST):
        rotations.step(step, older)

    def overtake(operation: str) -> None:
        if operation == "DescribeSecret":
            rotations.store.before = None
            rotations.store.start_rotation("newer-token-that-takes-the-label")

    rotations.store.before = overtake
    with pytest.raises(OvertakenError):
        rotations.step(Step.FINISH, older)

    rotations.login(rotations.store.current()).close()


def test_the_change_waits_when_another_session_holds_the_fence(rotations: Rotations) -> None:
    fields = rotations.rotate()
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    with rotations.login(fields) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (rotations.server.lock_of(rotations.settings.owner),))
        rotations.seconds = 13.0
        with pytest.raises(RotationError) as caught:
            rotations.step(Step.SET, token)

    assert caught.value.cause is Cause.LOCK
    rotations.seconds = 30.0
    rotations.step(Step.SET, token)


def test_a_pending_value_is_discarded_and_made_anew_when_it_names_the_current_login(rotations: Rotations) -> None:
    fields = rotations.rotate()
    token = rotations.start()
    rotations.store.values[token] = json.dumps(fields | {"password": "x" * 48})

    with pytest.raises(UnusablePendingError):
        rotations.step(Step.CREATE, token)

    assert "AWSPENDING" not in rotations.store.labels
    rotations.login(rotations.rotate()).close()


@pytest.mark.parametrize("document", ["", "[]", "{", '"text"', "{}", '{"username": 1}'])
def test_a_pending_value_is_discarded_when_it_is_damaged(rotations: Rotations, document: str) -> None:
    rotations.rotate()
    token = rotations.start()
    rotations.store.values[token] = document

    with pytest.raises(UnusablePendingError):
        rotations.step(Step.SET, token)

    assert "AWSPENDING" not in rotations.store.labels
    rotations.login(rotations.rotate()).close()


def test_the_server_is_refused_when_its_certificate_has_another_root(
    rotations: Rotations,
) -> None:
    rotations.rotate()
    other = rotations.server.write_certificates(make_server_certificate().authority)
    rotations.settings = replace(rotations.settings, certificate_authority=other)
    token = rotations.start()
    rotations.step(Step.CREATE, token)

    with pytest.raises(RotationError) as caught:
        rotations.step(Step.SET, token)

    assert caught.value.cause is Cause.TLS


def test_the_server_is_refused_when_its_certificate_names_another_host(rotations: Rotations) -> None:
    # The right server with a certificate that verifies, at an address that the certificate does not name.
    rotations.settings = replace(rotations.settings, host="127.0.0.2")
    token = rotations.start()
    rotations.step(Step.CREATE, token)

    with forwarded("127.0.0.2", rotations.settings.port), pytest.raises(RotationError) as caught:
        rotations.step(Step.SET, token)

    assert caught.value.cause is Cause.TLS


def test_the_cause_is_named_when_the_admin_is_refused(rotations: Rotations) -> None:
    token = rotations.start()
    rotations.store.others[ADMIN_SECRET] = json.dumps({"username": "nobody", "password": "wrong"})
    rotations.step(Step.CREATE, token)

    with pytest.raises(RotationError) as caught:
        rotations.step(Step.SET, token)

    assert caught.value.cause is Cause.AUTHENTICATION


def test_the_test_fails_when_one_login_may_do_what_the_other_may_not(rotations: Rotations) -> None:
    rotations.rotate()
    rotations.rotate()
    with rotations.server.as_admin(rotations.settings.name) as connection:
        connection.execute(f"ALTER ROLE {rotations.settings.logins[1]} CONNECTION LIMIT 3")
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    rotations.step(Step.SET, token)

    with pytest.raises(RotationError, match="rolconnlimit") as caught:
        rotations.step(Step.TEST, token)

    assert caught.value.cause is Cause.PRIVILEGE


def test_a_changed_endpoint_reaches_the_secret_at_the_next_rotation(rotations: Rotations) -> None:
    assert rotations.rotate()["host"] == "127.0.0.1"
    rotations.settings = replace(rotations.settings, host="localhost")

    assert rotations.rotate()["host"] == "localhost"


def test_the_step_gives_up_before_lambda_does_when_no_time_is_left(rotations: Rotations) -> None:
    rotations.rotate()
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    rotations.seconds = 3.0

    with pytest.raises(RotationError) as caught:
        rotations.step(Step.SET, token)

    assert caught.value.cause is Cause.DEADLINE
