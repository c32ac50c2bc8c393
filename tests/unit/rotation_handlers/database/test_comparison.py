"""What testSecret finds in the two logins, and what setSecret counts."""

import json
from contextlib import ExitStack

import pytest

from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.rotation import Step
from tests.fakes.rotations import Rotations

pytestmark = pytest.mark.servers


@pytest.fixture
def tested(rotations: Rotations) -> Rotations:
    """A secret with both logins."""
    rotations.rotate()
    rotations.rotate()
    return rotations


def _refused(rotations: Rotations) -> str:
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    rotations.step(Step.SET, token)
    with pytest.raises(RotationError) as caught:
        rotations.step(Step.TEST, token)
    assert caught.value.cause is Cause.PRIVILEGE
    rotations.login(rotations.store.current()).close()
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("ALTER ROLE {1} CREATEDB", "rolcreatedb"),
        ("ALTER ROLE {1} CONNECTION LIMIT 3", "rolconnlimit"),
        ("ALTER ROLE {1} NOINHERIT", "rolinherit"),
        ("ALTER ROLE {1} SET statement_timeout = '1s'", "rolconfig"),
        ("ALTER ROLE {1} IN DATABASE {database} SET search_path = x", "settings in databases"),
        ("CREATE ROLE {owner}_x; GRANT {owner}_x TO {1}", "memberships"),
    ],
)
def test_the_difference_is_named_when_one_login_differs(tested: Rotations, change: str, named: str) -> None:
    settings = tested.settings
    with tested.server.as_admin(settings.name) as connection:
        connection.execute(change.format(*settings.logins, owner=settings.owner, database=settings.name))

    assert f"the two logins differ in {named};" in _refused(tested)


def test_the_cure_is_told_and_works_when_an_object_belongs_to_a_login(tested: Rotations) -> None:
    current = tested.store.current()
    with tested.server.as_admin(tested.settings.name) as connection:
        connection.execute(f"GRANT CREATE ON SCHEMA public TO {current['username']}")
    with tested.login(current) as connection:
        connection.execute("SET ROLE NONE")
        connection.execute("CREATE TABLE stray ()")

    assert "REASSIGN OWNED" in _refused(tested)

    with tested.login(current) as connection:
        connection.execute("SET ROLE NONE")
        connection.execute(f"REASSIGN OWNED BY {current['username']} TO {tested.settings.owner}")
    tested.login(tested.rotate()).close()


def test_the_rotation_completes_when_a_login_has_default_privileges(tested: Rotations) -> None:
    with tested.login(tested.store.current()) as connection:
        connection.execute("SET ROLE NONE")
        connection.execute(f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {tested.settings.owner}")

    tested.login(tested.rotate()).close()


@pytest.mark.parametrize("sessions", [0, 2])
def test_sessions_of_the_login_about_to_change_are_counted(tested: Rotations, sessions: int) -> None:
    previous, current = (
        json.loads(tested.store.values[tested.store.labels[label]] or "") for label in ("AWSPREVIOUS", "AWSCURRENT")
    )
    with ExitStack() as stack:
        for _ in range(sessions):
            stack.enter_context(tested.login(previous))
        stack.enter_context(tested.login(current))
        token = tested.start()
        tested.step(Step.CREATE, token)

        done = tested.step(Step.SET, token)

    assert done.counts == {"sessions_of_changed_login": sessions}
