"""What is wrong with secrets, with the trail and with those who are to be told, is found by the deployed function.

The time by which it judges is its event's, so that days pass in a test.
"""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.end_to_end.conftest import Deployment
from tests.end_to_end.finding_queue import FindingQueue, finding_queue, look

pytestmark = pytest.mark.servers

PARTNERS, JWT, DATABASE, ODD = "api/partners/key", "jwt/credentials", "database/credentials", "api/odd/key"


def _now(deployed: Deployment) -> datetime:
    """Return a time after everything that happened, by the clock of the local AWS, which other tests move forward."""
    secrets = deployed.client("secretsmanager")
    made: str = secrets.create_secret(Name=f"what-time-is-it-{uuid.uuid4()}", SecretString="{}")["ARN"]
    now: datetime = secrets.describe_secret(SecretId=made)["CreatedDate"]
    secrets.delete_secret(SecretId=made, ForceDeleteWithoutRecovery=True)
    return now.astimezone(UTC) + timedelta(minutes=1)


def _found(deployed: Deployment, queue: FindingQueue, wanted: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return alert and path, or other name, of all findings once the wanted ones are there."""
    prefix = deployed.name("")

    def found() -> set[tuple[str, str]]:
        return {(each["alert"], each["about"].removeprefix(prefix)) for each in queue.received()}

    deployed.wait_for(lambda: wanted <= found())
    return found()


@contextmanager
def _pending(deployed: Deployment, path: str) -> Iterator[None]:
    """Leave a rotation half-way for a while."""
    client, version = deployed.client("secretsmanager"), "0" * 32
    client.put_secret_value(
        SecretId=deployed.name(path), SecretString="{}", ClientRequestToken=version, VersionStages=["AWSPENDING"]
    )
    try:
        yield
    finally:
        client.update_secret_version_stage(
            SecretId=deployed.name(path), VersionStage="AWSPENDING", RemoveFromVersionId=version
        )


@contextmanager
def _not_rotating(deployed: Deployment, path: str) -> Iterator[None]:
    client, name = deployed.client("secretsmanager"), deployed.name(path)
    before = client.describe_secret(SecretId=name)
    client.cancel_rotate_secret(SecretId=name)
    try:
        yield
    finally:
        client.rotate_secret(
            SecretId=name, RotationLambdaARN=before["RotationLambdaARN"], RotationRules=before["RotationRules"]
        )
        deployed.wait_for(deployed.is_settled)


@contextmanager
def _not_replicated(deployed: Deployment, path: str) -> Iterator[None]:
    client, name = deployed.client("secretsmanager"), deployed.name(path)
    (replica,) = client.describe_secret(SecretId=name)["ReplicationStatus"]
    client.remove_regions_from_replication(SecretId=name, RemoveReplicaRegions=[replica["Region"]])
    try:
        yield
    finally:
        region = {"Region": replica["Region"], "KmsKeyId": replica["KmsKeyId"]}
        client.replicate_secret_to_regions(SecretId=name, AddReplicaRegions=[region])


@contextmanager
def _unmanaged(deployed: Deployment, path: str, expires: str) -> Iterator[None]:
    client, name = deployed.client("secretsmanager"), deployed.name(path)
    client.create_secret(Name=name, SecretString="{}", Tags=[{"Key": "alees:expires-at", "Value": expires}])
    try:
        yield
    finally:
        client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


@contextmanager
def _deleted(deployed: Deployment, path: str) -> Iterator[None]:
    client, name = deployed.client("secretsmanager"), deployed.name(path)
    client.delete_secret(SecretId=name)
    try:
        yield
    finally:
        client.restore_secret(SecretId=name)


@contextmanager
def _stopped_trail(deployed: Deployment) -> Iterator[str]:
    client: Any = deployed.client("cloudtrail")
    (trail,) = client.describe_trails()["trailList"]
    client.stop_logging(Name=trail["TrailARN"])
    try:
        yield trail["TrailARN"]
    finally:
        client.start_logging(Name=trail["TrailARN"])


def test_everything_that_is_wrong_is_told_and_nothing_of_what_is_well(deployed: Deployment) -> None:
    now = _now(deployed)
    with ExitStack() as wrong, finding_queue(deployed) as queue:
        look(deployed, now)  # what it finds, which is nothing, is compared below
        wrong.enter_context(_not_rotating(deployed, PARTNERS))
        wrong.enter_context(_not_replicated(deployed, PARTNERS))
        wrong.enter_context(_pending(deployed, JWT))
        wrong.enter_context(_unmanaged(deployed, ODD, (now + timedelta(days=5)).date().isoformat()))
        trail = wrong.enter_context(_stopped_trail(deployed))
        look(deployed, now + timedelta(hours=2))
        of_now = {
            ("rotation-still-off", PARTNERS),
            ("replica-out-of-sync", PARTNERS),
            ("rotation-stuck", JWT),
            ("secret-unmanaged", ODD),
            ("secret-untagged", ODD),
            ("secret-expiring-soon", ODD),
            ("trail-silent", trail),
        }
        found = _found(deployed, queue, of_now)
        assert {each for each in found if each[1] in {*deployed.environment.secret_paths, ODD, trail}} == of_now

        look(deployed, now + timedelta(days=400))
        _found(deployed, queue, {("rotation-overdue", DATABASE), ("secret-unused", DATABASE), ("secret-ending", ODD)})

        with _deleted(deployed, PARTNERS):
            look(deployed, now)
            _found(deployed, queue, {("secret-missing", PARTNERS)})


def test_it_is_told_when_alerts_reach_nobody(deployed: Deployment) -> None:
    topics = deployed.client("sns")
    for page in topics.get_paginator("list_subscriptions").paginate():
        for each in page["Subscriptions"]:
            if f"{deployed.environment.stack_name}-Alerts" in each["TopicArn"]:
                topics.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
    with finding_queue(deployed) as queue:
        look(deployed, _now(deployed))
        deployed.wait_for(lambda: any(each["alert"] == "subscription-missing" for each in queue.received()))
