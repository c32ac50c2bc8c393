import pytest

from alees_secrets import SecretsManager
from tests.fakes.rotations import Rotations
from tests.unit.alees_secrets.django.conftest import Connect, ask
from tests.unit.alees_secrets.django.test_postgresql import SECRET, _end_sessions

pytestmark = pytest.mark.servers

POOL = {"pool": {"min_size": 2, "max_size": 3, "timeout": 10}}


def test_connection_is_used_again_when_it_came_from_the_pool(connect: Connect, rotations: Rotations) -> None:
    connection = connect(OPTIONS={"pool": {"min_size": 1, "max_size": 1}})
    assert ask(connection) == rotations.store.current()["username"]
    process = ask(connection, "SELECT pg_backend_pid()")
    connection.close()
    assert ask(connection, "SELECT pg_backend_pid()") == process


def test_pool_opens_with_the_new_value_when_the_old_one_is_refused(connect: Connect, rotations: Rotations) -> None:
    connection = connect(OPTIONS=POOL)
    SecretsManager().get_secret(SECRET)
    rotations.rotate()
    rotations.rotate()
    assert ask(connection) == rotations.store.current()["username"]
    assert connection.pool.get_stats().get("connections_errors", 0) == 0


def test_pool_hands_out_no_connection_of_a_former_login_when_the_new_one_is_known(
    connect: Connect, rotations: Rotations
) -> None:
    connection = connect(OPTIONS=POOL)
    former = ask(connection)
    connection.close()
    connection.pool.wait()
    rotations.rotate()
    SecretsManager().refresh(SECRET)
    for _ in range(3):
        assert ask(connection) == rotations.store.current()["username"] != former
        connection.close()


def test_pool_hands_out_no_dead_connection_when_its_sessions_were_ended(connect: Connect, rotations: Rotations) -> None:
    connection = connect(OPTIONS=POOL)
    former = ask(connection)
    connection.close()
    connection.pool.wait()
    rotations.rotate()
    _end_sessions(rotations, former)
    ask(connection)


def test_the_only_connection_is_replaced_when_it_is_of_a_former_login(connect: Connect, rotations: Rotations) -> None:
    connection = connect(OPTIONS={"pool": {"min_size": 1, "max_size": 1}})
    ask(connection)
    connection.close()
    current = rotations.rotate()
    SecretsManager().refresh(SECRET)
    assert ask(connection) == current["username"]


def test_options_of_the_pool_are_kept_when_it_is_made(connect: Connect) -> None:
    connection = connect(OPTIONS=POOL)
    assert (connection.pool.min_size, connection.pool.max_size) == (2, 3)
    assert connection.pool is connection.pool
    assert connect(OPTIONS={"pool": False}).pool is None
