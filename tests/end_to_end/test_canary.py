"""After a rotation the function verifies what it made: what is refused does not stay current, and somebody is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from monitoring_handlers.alerting.texts.rotation import ROTATION
from tests.end_to_end.alert_queue import AlertQueue
from tests.end_to_end.conftest import Deployment
from tests.fakes.postgres import Connection, Server

pytestmark = pytest.mark.servers

DATABASE = "database/credentials"

_WAITING = (
    "SELECT a.usename FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND NOT l.granted AND a.application_name = 'alees-rotation'"
)


def _verified(deployed: Deployment) -> int:
    """Return how many canaries of the environment have verified a value."""
    logs: Any = deployed.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    lines = [event["message"] for group in groups for event in logs.filter_log_events(logGroupName=group)["events"]]
    return sum('"step": "canary", "outcome": "verified"' in line for line in lines)


@contextmanager
def _as_admin(deployed: Deployment) -> Iterator[Connection]:
    """Connect as the database's admin."""
    secret = deployed.client("secretsmanager").get_secret_value(SecretId=deployed.environment.database.admin_secret)
    admin = json.loads(secret["SecretString"])
    with deployed.login(
        {**deployed.value(), "username": admin["username"], "password": admin["password"]}
    ) as connection:
        yield connection


def _rotate_to_a_refused_login(deployed: Deployment) -> str:
    """Rotate, and change the new login's password after its last check, just before AWSCURRENT moves to it."""
    owner = deployed.environment.database.owner
    with _as_admin(deployed) as admin:

        def waiting() -> str | None:
            row = admin.execute(_WAITING).fetchone()
            return str(row[0]) if row else None

        lock = Server.lock_of(owner)
        admin.execute("SELECT pg_advisory_lock(%s)", (lock,))
        version = deployed.client("secretsmanager").rotate_secret(SecretId=deployed.name(DATABASE))["VersionId"]
        deployed.wait_for(lambda: waiting() is not None)  # setSecret
        admin.execute("SELECT pg_advisory_unlock(%s)", (lock,))
        admin.execute("SELECT pg_advisory_lock(%s)", (lock,))  # first come, first served: after setSecret's commit
        deployed.wait_for(lambda: waiting() in deployed.environment.database.logins)  # finishSecret, logged in
        admin.execute(f"ALTER ROLE {waiting()} PASSWORD 'only-for-this-test'")
        admin.execute("SELECT pg_advisory_unlock(%s)", (lock,))
    return str(version)


def test_current_is_back_and_a_subscriber_is_told_when_the_new_login_is_refused(deployed: Deployment) -> None:
    before = deployed.value()
    alerts = AlertQueue(deployed)

    version = _rotate_to_a_refused_login(deployed)

    deployed.wait_for(lambda: bool(alerts.about("canary-rolled-back")))
    (alert,) = alerts.about("canary-rolled-back")
    assert alert.subject.startswith("WARNING Local: New value of alees/local/database/credentials was refused")
    assert f"canary-rolled-back: version {version[:8]} was refused 3 times, so AWSCURRENT is back on" in alert.body
    assert "docs/runbooks/rotation.md#canary-rolled-back" in alert.body
    assert deployed.labels(DATABASE)[version] == ["AWSPREVIOUS"]
    assert deployed.value() == before
    deployed.login(before).close()

    deployed.rotate(DATABASE)
    deployed.login(deployed.value()).close()


def test_nothing_moves_and_a_subscriber_is_told_why_when_the_version_before_is_revoked(deployed: Deployment) -> None:
    deployed.rotate(DATABASE)
    (before,) = (version for version, labels in deployed.labels(DATABASE).items() if "AWSCURRENT" in labels)
    deployed.move_label(DATABASE, "alees-revoked", before)
    alerts = AlertQueue(deployed)

    version = _rotate_to_a_refused_login(deployed)

    deployed.wait_for(lambda: bool(alerts.about("canary-failed")))
    told = alerts.about("canary-failed")[0].body
    assert f"canary-refused: version {version[:8]} was refused 3 times, but AWSCURRENT was not moved" in told
    assert "the version before is revoked" in told
    assert "AWSCURRENT" in deployed.labels(DATABASE)[version]

    deployed.rotate(DATABASE)
    deployed.login(deployed.value()).close()


@pytest.mark.parametrize("name", ["Local", "Prod"])
def test_nobody_is_told_when_rotations_succeed_and_their_values_work(
    deployments: dict[str, Deployment], name: str
) -> None:
    deployed = deployments[name]
    alerts, before = AlertQueue(deployed), _verified(deployed)

    for path in deployed.environment.rotated_paths:
        deployed.rotate(path)

    deployed.wait_for(lambda: _verified(deployed) >= before + len(deployed.environment.rotated_paths))
    assert [told for text in ROTATION for told in alerts.about(text.id)] == []
