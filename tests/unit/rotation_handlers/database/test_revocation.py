"""Revoking on a real PostgreSQL: the old login is locked and its sessions end, the one in use is never touched."""

import json
import threading
from dataclasses import replace
from typing import Any, cast

import psycopg
import pytest

from rotation_handlers.by_hand import BY_HAND
from rotation_handlers.database import revocation
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.handled_versions import HandledVersions
from rotation_handlers.operations import Work
from tests.fakes.hand import WHO
from tests.fakes.lambda_context import FakeContext
from tests.fakes.postgres import Connection
from tests.fakes.rotations import Rotations
from tests.fakes.secrets_manager import ARN

pytestmark = pytest.mark.servers

_MEMBERSHIPS = "SELECT roleid, member, to_jsonb(m) - 'oid' FROM pg_auth_members m ORDER BY 1, 2, 3"


@pytest.fixture
def rotated(rotations: Rotations) -> Rotations:
    """A secret that was rotated twice: both logins work."""
    rotations.rotate()
    rotations.rotate()
    return rotations


def _do(rotations: Rotations, operation: str, label: str | None = None, **more: object) -> dict[str, object]:
    deadline = Deadline(FakeContext(rotations.seconds))
    work = Work(
        operation=operation,
        request={**WHO, "VersionId": rotations.store.labels[label or "AWSPREVIOUS"], **more},
        secret="alees/local/database/credentials",
        versions=HandledVersions(cast("Any", rotations.store), ARN, deadline),
        strategy=rotations.strategy(deadline),
        deadline=deadline,
        sleep=lambda _: None,
    )
    return BY_HAND[operation](work)


def _fields(rotations: Rotations, label: str) -> dict[str, Any]:
    return rotations.store.fields(rotations.store.labels[label])


def _ended(session: Connection) -> bool:
    try:
        session.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False


def _memberships(rotations: Rotations) -> list[tuple[Any, ...]]:
    with rotations.server.as_admin(rotations.settings.name) as admin:
        return admin.execute(_MEMBERSHIPS).fetchall()


def test_the_old_login_is_refused_and_its_sessions_end_while_the_new_one_works_on(rotated: Rotations) -> None:
    old = _fields(rotated, "AWSPREVIOUS")
    new_session, old_sessions = rotated.login(rotated.store.current()), [rotated.login(old) for _ in range(2)]
    before = _memberships(rotated)

    answer = _do(rotated, "revoke")

    assert answer["counts"] == {"sessions_ended": 2}
    assert all(_ended(session) for session in old_sessions)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        rotated.login(old)
    assert not _ended(new_session)
    rotated.login(rotated.store.current()).close()
    new_session.close()
    assert _memberships(rotated) == before


@pytest.mark.parametrize("revoked_first", [False, True])
def test_sessions_of_the_version_before_outlive_an_emergency_unless_it_is_revoked_first(
    rotated: Rotations, *, revoked_first: bool
) -> None:
    with rotated.login(_fields(rotated, "AWSPREVIOUS")) as session:
        if revoked_first:
            _do(rotated, "revoke")
        rotated.rotate()
        _do(rotated, "revoke")

        assert _ended(session) is revoked_first


def test_revoking_again_changes_nothing(rotated: Rotations) -> None:
    _do(rotated, "revoke")

    assert _do(rotated, "revoke", "alees-revoked")["counts"] == {"sessions_ended": 0}
    rotated.login(rotated.store.current()).close()


@pytest.mark.parametrize("revocations", [1, 2])
def test_rotations_go_on_with_both_logins_after_a_revocation(rotated: Rotations, revocations: int) -> None:
    users = set()
    for number in range(3):
        if number < revocations:
            _do(rotated, "revoke")
        fields = rotated.rotate()
        users.add(fields["username"])
        rotated.login(fields).close()

    assert users == set(rotated.settings.logins)


def test_the_canary_does_not_go_back_to_a_revoked_login(rotated: Rotations) -> None:
    _do(rotated, "revoke")
    with rotated.server.as_admin(rotated.settings.name) as admin:
        admin.execute(f"ALTER ROLE {rotated.store.current()['username']} PASSWORD 'only-for-this-test'")

    with pytest.raises(RotationError) as caught:
        rotated.canary()

    assert caught.value.cause is Cause.CANARY_REFUSED


def test_a_transaction_that_ends_soon_is_waited_for(rotated: Rotations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revocation, "DRAIN_SECONDS", 20.0)
    old = _fields(rotated, "AWSPREVIOUS")
    committed: list[bool] = []

    def work() -> None:
        with rotated.login(old) as session, session.transaction():
            started.set()
            session.execute("CREATE TABLE waited_for AS SELECT pg_sleep(1)::text")
        committed.append(True)

    started = threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    while not _busy(rotated, old["username"]):
        pass

    _do(rotated, "revoke")

    thread.join()
    assert committed == [True]


def _busy(rotated: Rotations, login: str) -> bool:
    with rotated.server.as_admin(rotated.settings.name) as admin:
        return admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", (login,)).fetchone() != (0,)


def test_a_transaction_that_goes_on_is_ended(rotated: Rotations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revocation, "DRAIN_SECONDS", 0.2)
    session = rotated.login(_fields(rotated, "AWSPREVIOUS"))
    session.execute("BEGIN")

    assert _do(rotated, "revoke")["counts"] == {"sessions_ended": 1}
    assert _ended(session)


def test_with_one_login_its_sessions_end_and_its_password_works_on(rotations: Rotations) -> None:
    rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:1])
    rotations.rotate()
    rotations.rotate()
    session = rotations.login(rotations.store.current())

    assert _do(rotations, "revoke")["counts"] == {"sessions_ended": 1}
    assert _ended(session)
    rotations.login(rotations.store.current()).close()
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        rotations.login(_fields(rotations, "alees-revoked"))


def _set_by_hand(rotated: Rotations, **change: object) -> None:
    """Leave the secret as if somebody had set AWSCURRENT in place of a version that differed from it by *change*."""
    rotated.store.values[rotated.store.labels["AWSPREVIOUS"]] = json.dumps({**rotated.store.current(), **change})


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "in-use"),
        ({"host": "another.example", "api_key": "odd"}, "in-use"),
        ({"password": "replaced"}, "revoked"),
    ],
)
def test_the_other_login_ends_too_when_the_version_before_names_the_one_in_use(
    rotated: Rotations, change: dict[str, str], outcome: str
) -> None:
    other = _fields(rotated, "AWSPREVIOUS")
    _set_by_hand(rotated, **change)
    others, session = rotated.login(other), rotated.login(rotated.store.current())

    answer = _do(rotated, "revoke", Others=True)

    assert (answer["outcome"], _ended(session)) == (outcome, outcome == "revoked")
    assert answer["counts"] == {"sessions_ended": 1 if outcome == "in-use" else 2}
    assert _ended(others)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        rotated.login(other)
    rotated.login(rotated.store.current()).close()
    session.close()


def test_a_login_that_no_rotation_has_made_yet_need_not_be_ended(rotations: Rotations) -> None:
    rotations.rotate()
    _set_by_hand(rotations)

    assert _do(rotations, "revoke", Others=True)["counts"] == {"sessions_ended": 0}
    rotations.login(rotations.store.current()).close()


def _revoked_before(rotated: Rotations, value: dict[str, Any]) -> None:
    """Leave the secret as if *value* had been revoked before the last rotation, and perhaps not ended."""
    rotated.store.labels["alees-revoked"] = "older"
    rotated.store.values["older"] = json.dumps(value)


def test_a_login_ends_although_the_version_before_has_another_password_for_it(rotated: Rotations) -> None:
    revoked = _fields(rotated, "AWSPREVIOUS")
    _revoked_before(rotated, revoked)
    rotated.store.values[rotated.store.labels["AWSPREVIOUS"]] = json.dumps({**revoked, "password": "never-set"})

    assert _do(rotated, "revoke", "alees-revoked")["outcome"] == "revoked"

    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        rotated.login(revoked)


def test_a_version_before_that_works_keeps_its_login_when_an_older_password_of_it_is_revoked(
    rotated: Rotations,
) -> None:
    _revoked_before(rotated, {**_fields(rotated, "AWSPREVIOUS"), "password": "replaced"})
    session = rotated.login(_fields(rotated, "AWSPREVIOUS"))

    assert _do(rotated, "revoke", "alees-revoked")["outcome"] == "revoked"

    assert _ended(session)  # the older password may have opened it
    rotated.login(_fields(rotated, "AWSPREVIOUS")).close()


@pytest.mark.parametrize("placeholder", [False, True])
def test_a_login_that_no_value_names_is_left_unless_an_emergency_ends_it(
    rotated: Rotations, *, placeholder: bool
) -> None:
    other = _fields(rotated, "AWSPREVIOUS")
    if placeholder:
        rotated.store.values[rotated.store.labels["AWSPREVIOUS"]] = json.dumps({"alees_not_initialized": "true"})
    else:
        _set_by_hand(rotated)
    session = rotated.login(other)

    assert _do(rotated, "revoke")["counts"] == {"sessions_ended": 0}

    assert not _ended(session)
    session.close()
    rotated.login(other).close()


def test_a_credential_is_in_use_when_the_version_before_has_it(rotated: Rotations) -> None:
    _revoked_before(rotated, _fields(rotated, "AWSPREVIOUS"))

    assert _do(rotated, "revoke", "alees-revoked")["outcome"] == "in-use"
    rotated.login(_fields(rotated, "AWSPREVIOUS")).close()


def test_a_version_before_with_a_replaced_password_keeps_nothing(rotations: Rotations) -> None:
    rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:1])
    rotations.rotate()
    rotations.rotate()
    _revoked_before(rotations, _fields(rotations, "AWSPREVIOUS"))
    session = rotations.login(rotations.store.current())

    done = _do(rotations, "revoke", "alees-revoked")

    assert (done["outcome"], done["counts"], _ended(session)) == ("revoked", {"sessions_ended": 1}, True)


def test_the_other_login_ends_when_the_version_before_is_the_placeholder(rotated: Rotations) -> None:
    others = rotated.login(_fields(rotated, "AWSPREVIOUS"))
    rotated.store.values[rotated.store.labels["AWSPREVIOUS"]] = json.dumps({"alees_not_initialized": "true"})

    assert _do(rotated, "revoke", Others=True)["counts"] == {"sessions_ended": 1}
    assert _ended(others)


def test_it_is_told_when_the_admin_sees_sessions_that_it_may_not_end(
    rotated: Rotations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocation, "_MAY_END", "SELECT %s::text IS NOT NULL")
    session = rotated.login(_fields(rotated, "AWSPREVIOUS"))

    with pytest.raises(RotationError) as caught:
        _do(rotated, "revoke")

    assert (caught.value.cause, _ended(session)) == (Cause.PRIVILEGE, False)
    session.close()


def test_the_login_that_another_version_before_has_is_left(rotated: Rotations) -> None:
    session = rotated.login(_fields(rotated, "AWSPREVIOUS"))
    _revoked_before(rotated, {**rotated.store.current(), "password": "replaced"})

    assert _do(rotated, "revoke", "alees-revoked", Others=True)["counts"] == {"sessions_ended": 0}

    assert not _ended(session)
    session.close()
    rotated.login(_fields(rotated, "AWSPREVIOUS")).close()


@pytest.mark.parametrize("username", ["postgres", ["a", "list"]])
def test_the_other_login_ends_too_when_the_version_before_names_none_of_ours(
    rotated: Rotations, username: object
) -> None:
    other = _fields(rotated, "AWSPREVIOUS")
    _set_by_hand(rotated, username=username)
    others, session = rotated.login(other), rotated.login(rotated.store.current())

    with pytest.raises(RotationError, match="names none of the configured logins"):
        _do(rotated, "revoke", Others=True)

    assert [_ended(others), _ended(session)] == [True, False]
    session.close()


def test_who_logs_in_meanwhile_with_the_password_in_use_is_left(
    rotated: Rotations, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set_by_hand(rotated, password="replaced")
    before, after = rotated.login(rotated.store.current()), list[Connection]()
    wait = revocation._wait

    def log_in(connection: Any, count: str, logins: list[str], seconds: float) -> int:
        after.append(rotated.login(rotated.store.current()))
        return wait(connection, count, logins, seconds)

    monkeypatch.setattr(revocation, "_wait", log_in)

    assert _do(rotated, "revoke")["counts"] == {"sessions_ended": 1}
    assert [_ended(session) for session in (before, *after)] == [True, False, False]
    for session in after:
        session.close()


def test_the_fence_is_held_while_a_login_is_ended(rotated: Rotations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revocation, "DRAIN_SECONDS", 20.0)
    session = rotated.login(_fields(rotated, "AWSPREVIOUS"))
    session.execute("BEGIN")
    thread = threading.Thread(target=_do, args=(rotated, "revoke"))
    thread.start()
    with rotated.server.as_admin(rotated.settings.name) as admin:
        lock = rotated.server.lock_of(rotated.settings.owner)
        while admin.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", (session.info.user,)).fetchone() != (
            False,
        ):
            pass
        taken = admin.execute("SELECT pg_try_advisory_lock(%s)", (lock,)).fetchone()
    session.close()
    thread.join()

    assert taken == (False,)


@pytest.mark.parametrize("login", ["AWSPREVIOUS", "AWSCURRENT"])
def test_a_value_is_set_when_its_login_works(rotated: Rotations, login: str) -> None:
    value = _fields(rotated, login)

    _do(rotated, "set", "AWSCURRENT", Value=value, Token="t" * 32)

    assert rotated.store.current() == value
    rotated.rotate()
    rotated.login(rotated.store.current()).close()


def test_no_value_is_set_when_its_login_is_refused(rotated: Rotations) -> None:
    value = {**rotated.store.current(), "password": "wrong"}

    with pytest.raises(RotationError) as caught:
        _do(rotated, "set", "AWSCURRENT", Value=value, Token="t" * 32)

    assert caught.value.cause is Cause.AUTHENTICATION


def test_current_goes_back_to_the_login_before_and_rotates_on(rotated: Rotations) -> None:
    before = _fields(rotated, "AWSPREVIOUS")

    _do(rotated, "rollback")

    assert rotated.store.current() == before
    rotated.login(rotated.rotate()).close()
