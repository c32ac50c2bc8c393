"""Applications that subscribe to the topic hear of each changed secret."""

import pytest

from tests.end_to_end.alert_queue import TopicQueue
from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers


def test_a_subscriber_is_told_of_secret_and_version_when_it_rotates(deployed: Deployment) -> None:
    queue = TopicQueue(deployed, "secret-updates")
    name = deployed.name("jwt/credentials")

    version = deployed.client("secretsmanager").rotate_secret(SecretId=name)["VersionId"]
    deployed.wait_for(lambda: any(each["name"] == name for each in queue.received()))

    (told,) = (each for each in queue.received() if each["name"] == name)
    assert told == {"name": name, "labelUpdated": "AWSCURRENT", "versionId": version}


def test_a_subscriber_is_told_when_a_version_is_revoked(deployed: Deployment) -> None:
    queue = TopicQueue(deployed, "secret-updates")
    deployed.rotate("jwt/credentials")
    (previous,) = (
        version for version, labels in deployed.labels("jwt/credentials").items() if labels == ["AWSPREVIOUS"]
    )

    for label in ("somebodys-own", "alees-revoked"):
        deployed.move_label("jwt/credentials", label, previous)
    deployed.wait_for(lambda: any(each["versionId"] == previous for each in queue.received()))

    assert [each["labelUpdated"] for each in queue.received() if each["versionId"] == previous] == ["alees-revoked"]
