"""What somebody has to be told of at once: it happens, and a subscriber reads what, by whom, and what to do."""

import http.server
import json
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from local_cloud.alerts import alerts as alerts_of
from tests.end_to_end.alert_queue import Alert, AlertQueue
from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def alerts(deployments: dict[str, Deployment]) -> AlertQueue:
    """A queue that hears of all that this file does to Local."""
    return AlertQueue(deployments["Local"])


@pytest.fixture(scope="module")
def key(deployments: dict[str, Deployment]) -> str:
    """A key with an alias as the environment's have, which nothing needs."""
    kms = deployments["Local"].client("kms")
    key_id: str = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/alees/local/spare", TargetKeyId=key_id)
    return key_id


@pytest.fixture
def secret(deployed: Deployment) -> str:
    """A secret of the environment that nothing needs; gone when its test deleted it."""
    name = deployed.name(f"spare/{uuid.uuid4().hex}")
    deployed.client("secretsmanager").create_secret(Name=name, SecretString="{}")
    return name


def _told(deployed: Deployment, alerts: AlertQueue, alert: str, about: str) -> Alert:
    """Return the one alert of a kind about something, when it is there."""

    def found() -> list[Alert]:
        return [each for each in alerts.about(alert) if f"What         {about}\n" in each.body]

    deployed.wait_for(lambda: bool(found()))
    (one,) = found()
    assert f"By           arn:aws:iam::{deployed.cloud.description.account}:root\n" in one.body
    assert "\nWhen         20" in one.body
    assert "RUN NEXT" in one.body
    return one


def test_deletion_of_a_secret_and_the_end_of_its_versions_are_told(deployed: Deployment, alerts: AlertQueue) -> None:
    client, name = deployed.client("secretsmanager"), deployed.name(f"spare/{uuid.uuid4().hex}")
    client.create_secret(Name=name, SecretString="{}")
    client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)

    alert = _told(deployed, alerts, "secret-deleted", name)

    assert alert.subject == f"CRITICAL Local: {name} was deleted"
    assert "It is gone at once and cannot be restored." in alert.body
    assert f"aws secretsmanager restore-secret --secret-id {name} --region {deployed.environment.region}" in alert.body
    deployed.wait_for(lambda: bool(alerts.about("version-deleted")))
    (ended,) = alerts.about("version-deleted")
    assert ended.subject == f"WARNING Local: A version of {name} is gone for good"


def test_a_changed_policy_is_told_once_and_its_repetitions_are_counted(
    deployed: Deployment, alerts: AlertQueue, secret: str
) -> None:
    client = deployed.client("secretsmanager")
    arn = client.describe_secret(SecretId=secret)["ARN"]
    allow = {"Effect": "Allow", "Principal": {"AWS": arn.split(":")[4]}, "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    for each in (secret, arn, arn[:-7]):  # as name, ARN and partial ARN
        client.put_resource_policy(SecretId=each, ResourcePolicy=policy)

    alert = _told(deployed, alerts, "policy-changed", secret)

    assert alert.subject.startswith("CRITICAL Local: What protects alees/local/spare/")
    assert f"./alees-secrets rotate --emergency {secret.removeprefix('alees/local/')} --environment Local" in alert.body
    client.cancel_rotate_secret(SecretId=deployed.name("jwt/credentials"))
    client.rotate_secret(SecretId=deployed.name("jwt/credentials"))
    _told(deployed, alerts, "rotation-off", deployed.name("jwt/credentials"))
    assert len(alerts.about("policy-changed")) == 1
    deployed.wait_for(deployed.is_settled)


def test_a_key_whose_policy_changes_that_is_disabled_and_that_will_be_deleted_is_told(
    deployed: Deployment, alerts: AlertQueue, key: str
) -> None:
    kms = deployed.client("kms")
    policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    kms.disable_key(KeyId=key)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    alias = "alias/alees/local/spare"
    _told(deployed, alerts, "key-policy-changed", alias)
    disabled = _told(deployed, alerts, "key-disabled", alias)
    dying = _told(deployed, alerts, "key-deletion-scheduled", alias)

    assert f"aws kms enable-key --key-id {key} --region {deployed.environment.region}" in disabled.body
    assert dying.subject == f"CRITICAL Local: The key {alias} will be deleted in 7 days"


def test_a_key_that_is_kept_from_rotating_is_told(deployments: dict[str, Deployment]) -> None:
    local = deployments["Local"]
    kms = local.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/alees/local/unrotated", TargetKeyId=key)
    alerts = AlertQueue(local)
    kms.enable_key_rotation(KeyId=key)
    kms.disable_key_rotation(KeyId=key)

    alert = _told(local, alerts, "key-policy-changed", "alias/alees/local/unrotated")

    assert alert.subject.startswith("CRITICAL Local: ")
    assert "DisableKeyRotation" in alert.body
    assert key in alert.body


def test_a_stopped_trail_is_told(deployed: Deployment, alerts: AlertQueue) -> None:
    trail = deployed.client("cloudtrail")
    trail.stop_logging(Name="alees-secrets")
    trail.start_logging(Name="alees-secrets")

    alert = _told(deployed, alerts, "trail-changed", "alees-secrets")

    assert alert.subject == "CRITICAL Local: The trail was changed: StopLogging on alees-secrets"


def test_a_silenced_rule_is_told(deployed: Deployment, alerts: AlertQueue) -> None:
    events = deployed.client("events")
    (rule,) = (each["Name"] for each in events.list_rules()["Rules"] if "AlertsFinding" in each["Name"])
    events.disable_rule(Name=rule)
    events.enable_rule(Name=rule)

    assert "DisableRule" in _told(deployed, alerts, "watching-changed", rule).subject


def test_a_changed_rotation_function_is_told(deployed: Deployment, alerts: AlertQueue) -> None:
    functions = deployed.client("lambda")
    name = deployed.client("secretsmanager").describe_secret(SecretId=deployed.name("jwt/credentials"))
    function = name["RotationLambdaARN"].rpartition(":")[2]
    described = functions.get_function_configuration(FunctionName=function)["Description"]
    functions.update_function_configuration(FunctionName=function, Description=described)

    assert "UpdateFunctionConfiguration" in _told(deployed, alerts, "rotation-changed", function).subject


def test_an_abandoned_rotation_is_told(deployed: Deployment, alerts: AlertQueue) -> None:
    client, name = deployed.client("secretsmanager"), deployed.name("database/credentials")
    with deployed.refused_admin():
        version = client.rotate_secret(SecretId=name)["VersionId"]
        # Not while createSecret is at work, which would put its value after the rotation was abandoned.
        deployed.wait_for(lambda: _has_value(client, name, version))
        value = client.get_secret_value(SecretId=name)["SecretString"]
        client.put_secret_value(SecretId=name, SecretString=value)
        deployed.wait_for(lambda: bool(alerts.about("rotation-abandoned")))
    deployed.wait_for(deployed.is_settled)
    assert alerts.about("rotation-abandoned")[0].subject == f"WARNING Local: Rotation of {name} was abandoned"


def _has_value(client: Any, name: str, version: str) -> bool:
    try:
        client.get_secret_value(SecretId=name, VersionId=version)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def test_an_https_subscriber_reads_subject_and_text(deployed: Deployment, secret: str) -> None:
    deleted = f"{secret} was deleted"  # that a stranger has made it may be told too
    with _endpoint() as (url, posted):
        sns = deployed.client("sns")
        topic = AlertQueue(deployed).topic_arn
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=url)  # the local AWS trusts no certificate of ours
        deployed.wait_for(lambda: bool(posted("SubscriptionConfirmation")))
        with urllib.request.urlopen(posted("SubscriptionConfirmation")[0]["SubscribeURL"], timeout=10) as answer:  # noqa: S310
            assert answer.status == 200
        deployed.client("secretsmanager").delete_secret(SecretId=secret, RecoveryWindowInDays=7)
        deployed.wait_for(lambda: any(deleted in each["Subject"] for each in posted("Notification")))

    (notification,) = (each for each in posted("Notification") if deleted in each["Subject"])
    assert notification["Subject"] == f"CRITICAL Local: {secret} was deleted"
    assert "It is gone in 7 days and can be restored till then." in notification["Message"]


def test_a_reader_of_the_local_aws_sees_alerts(deployed: Deployment, secret: str) -> None:
    sns, read = deployed.client("sns"), alerts_of(deployed.cloud.description)
    with ThreadPoolExecutor() as reader:
        seen = reader.submit(lambda: next(text for subject, text in read if f"{secret} was deleted" in subject))
        deployed.wait_for(lambda: any("alees-local-alerts" in each["Endpoint"] for each in _subscriptions(sns)))
        deployed.client("secretsmanager").delete_secret(SecretId=secret)

        assert "docs/runbooks/alerts.md#secret-deleted" in seen.result(timeout=60)


def _subscriptions(sns: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sns.list_subscriptions()["Subscriptions"]
    return found


@contextmanager
def _endpoint() -> Iterator[tuple[str, Callable[[str], list[dict[str, Any]]]]]:
    """Run an endpoint; yields its URL, and what returns what was posted of one type."""
    posted: list[dict[str, Any]] = []

    class Endpoint(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", lambda kind: [each for each in posted if each["Type"] == kind]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
