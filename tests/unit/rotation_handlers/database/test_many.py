"""A hundred rotations leave what two leave."""

import time

import pytest

from tests.fakes.rotations import Rotations

pytestmark = pytest.mark.servers

_ROLES = "SELECT rolname FROM pg_roles ORDER BY 1"
_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = 'alees-rotation'"


def test_two_logins_and_no_role_session_or_label_more_are_left_when_a_hundred_rotations_are_done(
    rotations: Rotations,
) -> None:
    rotations.rotate()
    rotations.rotate()
    with rotations.server.as_admin(rotations.settings.name) as admin:
        before = admin.execute(_ROLES).fetchall()

        for _ in range(98):
            rotations.rotate()

        assert admin.execute(_ROLES).fetchall() == before
        for _ in range(600):  # the server ends a session some time after the client has left it
            if admin.execute(_SESSIONS, (rotations.settings.name,)).fetchone() == (0,):
                break
            time.sleep(0.05)
        else:
            pytest.fail("a session of the rotation is left")
    assert {name for (name,) in before} >= {rotations.settings.owner, *rotations.settings.logins}
    labels = rotations.store.labels
    assert labels["AWSPENDING"] == labels["AWSCURRENT"] != labels["AWSPREVIOUS"]
    assert set(labels) == {"AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"}
    rotations.login(rotations.store.current()).close()
