"""A failed rotation reaches a subscriber, and the next one succeeds when its cause is gone."""

from typing import Any

import pytest

from tests.end_to_end.alert_queue import AlertQueue
from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers


def test_a_subscriber_is_told_when_a_rotation_fails_and_the_next_one_succeeds(deployed: Deployment) -> None:
    client: Any = deployed.client("secretsmanager")
    name = deployed.name("database/credentials")
    before = deployed.value()
    alerts = AlertQueue(deployed)

    with deployed.refused_admin():
        version = client.rotate_secret(SecretId=name)["VersionId"]
        deployed.wait_for(lambda: bool(alerts.about("rotation-failed")))
    (alert,) = alerts.about("rotation-failed")
    assert alert.subject == "WARNING Local: Rotation of alees/local/database/credentials failed"
    assert "./alees-secrets recover database/credentials --environment Local --reason" in alert.body
    assert deployed.value() == before
    deployed.login(before).close()

    client.rotate_secret(SecretId=name, ClientRequestToken=version)
    deployed.wait_for(lambda: "AWSCURRENT" in deployed.labels("database/credentials").get(version, []))
    deployed.login(deployed.value()).close()
