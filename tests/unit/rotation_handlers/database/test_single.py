"""One login whose password is replaced: it always converges, and the window without a password is one call long."""

import json
from dataclasses import replace

import psycopg
import pytest

from rotation_handlers.errors import Cause, OvertakenError, RotationError
from rotation_handlers.rotation import Step
from tests.fakes.rotations import ADMIN_SECRET, Rotations

pytestmark = pytest.mark.servers


@pytest.fixture
def single(rotations: Rotations) -> Rotations:
    """A secret with its placeholder, and an empty database for which one login is configured."""
    rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:1])
    return rotations


def _works(single: Rotations) -> bool:
    try:
        single.login(single.store.current()).close()
    except psycopg.OperationalError:
        return False
    return True


def test_the_login_stays_and_its_old_password_is_refused_after_a_rotation(single: Rotations) -> None:
    before = single.rotate()
    after = single.rotate()

    assert before["username"] == after["username"]
    with single.login(after) as connection:
        row = connection.execute("SELECT session_user, current_user").fetchone()
    assert row == (single.settings.logins[0], single.settings.owner)
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        single.login(before)


@pytest.mark.parametrize("step", [Step.CREATE, Step.SET, Step.TEST])
def test_current_works_until_the_last_step(single: Rotations, step: Step) -> None:
    single.rotate()
    token = single.start()
    for each in list(Step)[: list(Step).index(step) + 1]:
        single.step(each, token)

    assert _works(single)


def test_nothing_is_changed_when_the_label_left_before_the_last_step(single: Rotations) -> None:
    single.rotate()
    older = single.start()
    for step in (Step.CREATE, Step.SET, Step.TEST):
        single.step(step, older)
    single.start()

    with pytest.raises(OvertakenError):
        single.step(Step.FINISH, older)

    assert _works(single)


def test_nothing_is_changed_when_the_label_leaves_while_the_last_step_waits_for_the_fence(single: Rotations) -> None:
    single.rotate()
    older = single.start()
    for step in (Step.CREATE, Step.SET, Step.TEST):
        single.step(step, older)

    def overtake(operation: str) -> None:
        if operation == "DescribeSecret":
            single.store.before = None
            single.start()

    single.store.before = overtake
    with pytest.raises(OvertakenError):
        single.step(Step.FINISH, older)

    assert _works(single)


@pytest.mark.parametrize("retried", ["same token", "new token"])
def test_the_next_try_completes_when_the_label_did_not_move_after_the_change(single: Rotations, retried: str) -> None:
    single.rotate()
    token = single.start()
    for step in (Step.CREATE, Step.SET, Step.TEST):
        single.step(step, token)

    def fail(operation: str) -> None:
        if operation == "UpdateSecretVersionStage":
            raise ConnectionResetError

    single.store.before = fail
    with pytest.raises(ConnectionResetError):
        single.step(Step.FINISH, token)
    single.store.before = None
    assert not _works(single)  # the window: changed at the server, not yet in the secret

    single.steps(token if retried == "same token" else single.start())

    assert _works(single)


def test_the_test_fails_and_current_works_when_the_admin_may_not_change_the_password(single: Rotations) -> None:
    single.rotate()
    token = single.start()
    single.step(Step.CREATE, token)
    single.step(Step.SET, token)
    admin, stranger = single.store.others[ADMIN_SECRET], f"stranger_{single.settings.owner}"
    with single.server.as_admin(single.settings.name) as connection:
        connection.execute(f"CREATE ROLE {stranger} LOGIN PASSWORD 'only-for-this-test'")
    single.store.others[ADMIN_SECRET] = json.dumps({"username": stranger, "password": "only-for-this-test"})

    with pytest.raises(RotationError) as caught:
        single.step(Step.TEST, token)

    assert caught.value.cause is Cause.PRIVILEGE
    assert _works(single)
    single.store.others[ADMIN_SECRET] = admin
    single.steps(token)
    assert _works(single)


def test_both_strategies_follow_each_other_when_a_second_login_comes_and_goes(rotations: Rotations) -> None:
    both = rotations.settings.logins

    for logins in (both[:1], both, both, both[:1], both[:1], both):
        rotations.settings = replace(rotations.settings, logins=logins)
        rotations.login(rotations.rotate()).close()
