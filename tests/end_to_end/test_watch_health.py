"""What is wrong with secrets, with the trail and with those who are to be told, is found by the deployed function.

The time by which it judges is its event's, so that days pass in a test.
"""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.end_to_end.alert_queue import AlertQueue
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.finding_queue import FindingQueue, counted, finding_queue, look

pytestmark = pytest.mark.servers

PARTNERS, JWT, DATABASE, ODD = "api/partners/key", "jwt/credentials", "database/credentials", "api/odd/key"

_OF_NOW = (
    ("rotation-still-off", f"WARNING Local: {PARTNERS} does not rotate", "npx cdk deploy AleesSecretsLocal"),
    ("rotation-stuck", f"WARNING Local: the rotation of {JWT} stands still for ", f"./alees-secrets recover {JWT}"),
    ("replica-out-of-sync", f"WARNING Local: the replica of {PARTNERS} in ", "--query ReplicationStatus"),
    ("secret-expiring-soon", f"WARNING Local: {ODD} ends on ", f"./alees-secrets set {ODD} --environment Local"),
    ("secret-unmanaged", f"NOTICE Local: {ODD} is declared by nobody", f"./alees-secrets show {ODD}"),
    ("trail-silent", "CRITICAL Local: The trail writes nothing: ", "aws cloudtrail start-logging --name alees-secrets"),
)
_LATER = (
    ("rotation-overdue", f"WARNING Local: {DATABASE} is overdue", f"./alees-secrets rotate {DATABASE}"),
    ("secret-unused", f"NOTICE Local: nobody has read {DATABASE} for 90 days", f"--secret {DATABASE} --environment"),
    ("secret-ending", f"CRITICAL Local: {ODD} ends on ", f"./alees-secrets set {ODD} --environment Local"),
)
"""Alert, how its subject begins, and what to run next."""


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


def _reads(deployed: Deployment, alerts: AlertQueue, alert: str, subject: str, command: str) -> None:
    """Wait until a subscriber has an alert of a kind, whose subject begins, and whose text has a command, as given."""

    def told() -> bool:
        return any(each.subject.startswith(subject) and command in each.body for each in alerts.about(alert))

    deployed.wait_for(told)


def test_everything_that_is_wrong_is_told_and_nothing_of_what_is_well(deployed: Deployment) -> None:
    now, alerts = _now(deployed), AlertQueue(deployed)
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
        for alert, subject, command in _OF_NOW:
            _reads(deployed, alerts, alert, subject, command)

        look(deployed, now + timedelta(days=400))
        _found(deployed, queue, {("rotation-overdue", DATABASE), ("secret-unused", DATABASE), ("secret-ending", ODD)})
        for alert, subject, command in _LATER:
            _reads(deployed, alerts, alert, subject, command)

        with _deleted(deployed, PARTNERS):
            look(deployed, now)
            _found(deployed, queue, {("secret-missing", PARTNERS)})
            restore = f"aws secretsmanager restore-secret --secret-id {deployed.name(PARTNERS)}"
            _reads(deployed, alerts, "secret-missing", f"CRITICAL Local: {PARTNERS} is being deleted", restore)


def test_it_is_told_when_alerts_reach_nobody(deployed: Deployment) -> None:
    topics = deployed.client("sns")
    for page in topics.get_paginator("list_subscriptions").paginate():
        for each in page["Subscriptions"]:
            if f"{deployed.environment.stack_name}-Alerts" in each["TopicArn"]:
                topics.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
    with finding_queue(deployed) as queue:
        look(deployed, _now(deployed))
        deployed.wait_for(lambda: any(each["alert"] == "subscription-missing" for each in queue.received()))


def test_a_subscriber_reads_that_another_one_is_gone(deployments: dict[str, Deployment]) -> None:
    prod = deployments["Prod"]
    topics: Any = prod.client("sns")
    endpoint = prod.environment.alert_subscriptions[0].endpoint
    alerts = AlertQueue(prod)
    for each in topics.list_subscriptions_by_topic(TopicArn=alerts.topic_arn)["Subscriptions"]:
        if each["Endpoint"] == endpoint and each["SubscriptionArn"].startswith("arn:"):
            topics.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
    try:
        look(prod, _now(prod))
        subject = f"WARNING Prod: Alerts do not reach {endpoint}"
        _reads(prod, alerts, "subscription-missing", subject, "npx cdk deploy AleesSecretsProd")
    finally:
        topics.subscribe(TopicArn=alerts.topic_arn, Protocol="email", Endpoint=endpoint)


def test_an_alarm_of_cloudwatch_is_told_as_a_text(deployed: Deployment) -> None:
    """A subscriber gets nothing any more: its metric, its alarm, the change of state, and what the others read."""
    alerts, topics = AlertQueue(deployed), deployed.client("sns")
    names = [each["AlarmName"] for each in deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]]
    (name,) = (each for each in names if f"{deployed.environment.stack_name}-AlarmsDeliveryFailing" in each)
    with _closed_subscription(deployed, alerts.topic_arn):
        # Another test may have closed one already: the alarm goes off anew then.
        deployed.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test begins")
        topics.publish(TopicArn=alerts.topic_arn, Subject="to be refused", Message="by a queue")
        subject = "WARNING Local: An alert did not reach a subscriber"
        command = f"aws cloudwatch describe-alarms --region {deployed.environment.region}"
        _reads(deployed, alerts, "delivery-failing", subject, command)
    assert f"What         {name}\n" in alerts.about("delivery-failing")[0].body


@contextmanager
def _closed_subscription(deployed: Deployment, topic_arn: str) -> Iterator[None]:
    """Subscribe a queue that does not admit the topic for a while."""
    queues, topics = deployed.client("sqs"), deployed.client("sns")
    url = queues.create_queue(QueueName=f"closed-{uuid.uuid4()}")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    made = topics.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    try:
        yield
    finally:
        topics.unsubscribe(SubscriptionArn=made)


def test_a_rotation_that_succeeds_is_counted(deployed: Deployment) -> None:
    before = counted(deployed, "RotationsSucceeded")
    deployed.rotate(JWT)
    deployed.wait_for(deployed.is_settled)
    look(deployed, _now(deployed))
    deployed.wait_for(lambda: counted(deployed, "RotationsSucceeded") > before)
