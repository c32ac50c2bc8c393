import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack
from tests.unit.local_cloud.launcher.cloudformation.templates import key, policy
from tests.unit.local_cloud.launcher.event_queue import EventQueue
from tests.unit.local_cloud.launcher.trails import Trail
from tests.unit.local_cloud.local_aws import LocalAws, new_rotator, wait_until

pytestmark = pytest.mark.servers

FAILURES = {"source": ["aws.secretsmanager"], "detail": {"eventName": ["RotationFailed"]}}
EVENTS = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
USE_KEY = {**EVENTS, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*"}
OF_ACCOUNT = {"Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}}


def _alerts(*, key_statement: dict[str, Any] = USE_KEY, topic_condition: dict[str, Any] | None = None) -> Resources:
    """Return an encrypted topic to which a rule sends failed rotations."""
    publish = {**EVENTS, "Action": "sns:Publish", "Resource": {"Ref": "Topic"}, **(topic_condition or {})}
    plain = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": {"Ref": "Topic"},
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    topic_policy = {"Topics": [{"Ref": "Topic"}], "PolicyDocument": policy(publish, plain)}
    rule = {"EventPattern": FAILURES, "Targets": [{"Id": "topic", "Arn": {"Ref": "Topic"}}]}
    return {
        "TopicKey": key(key_statement),
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "TopicKey"}}},
        "TopicPolicy": {"Type": "AWS::SNS::TopicPolicy", "Properties": topic_policy},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
    }


@pytest.fixture
def alerts(own: LocalAws) -> Iterator[Stack]:
    stack = Stack(own)
    yield stack
    stack.delete()


def _subscribed(own: LocalAws, alerts: Stack) -> EventQueue:
    """Return a queue that hears of the topic, through a rule that itself never matches."""
    queue = EventQueue(own, {"source": ["nothing"]})
    own.client("sns").subscribe(TopicArn=alerts.physical_ids()["Topic"], Protocol="sqs", Endpoint=queue.arn)
    return queue


def _fail_a_rotation(own: LocalAws) -> str:
    arn = own.new_secret(fail="createSecret")
    own.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=new_rotator(own))
    own.wait_for_event(arn, "RotationFailed")
    return arn


@pytest.mark.parametrize("condition", [None, OF_ACCOUNT], ids=["plain", "of the account"])
def test_alert_reaches_a_queue_when_a_rotation_failed(
    own: LocalAws, trail: Trail, alerts: Stack, condition: dict[str, Any] | None
) -> None:
    alerts.deploy(_alerts(topic_condition=condition))
    queue = _subscribed(own, alerts)
    arn = _fail_a_rotation(own)
    (notification,) = queue.wait_for(1)
    event = json.loads(notification["Message"])
    assert (notification["Type"], event["detail-type"]) == ("Notification", "AWS Service Event via CloudTrail")
    assert event["detail"] == trail.record("RotationFailed")
    assert event["detail"]["additionalEventData"] == {"SecretId": arn}


def test_no_alert_is_sent_when_the_key_admits_the_service_for_an_account(
    own: LocalAws, trail: Trail, alerts: Stack
) -> None:
    alerts.deploy(_alerts(key_statement={**USE_KEY, **OF_ACCOUNT}))
    queue = _subscribed(own, alerts)
    _fail_a_rotation(own)
    assert (len(trail.records("RotationFailed")), queue.received()) == (1, [])


def test_no_alert_is_sent_when_the_topic_has_no_policy_of_its_own(own: LocalAws, trail: Trail, alerts: Stack) -> None:
    resources = _alerts()
    del resources["TopicPolicy"]
    alerts.deploy(resources)
    queue = _subscribed(own, alerts)
    _fail_a_rotation(own)
    assert (len(trail.records("RotationFailed")), queue.received()) == (1, [])


def test_key_of_the_topic_is_told_when_it_is_encrypted(own: LocalAws, alerts: Stack) -> None:
    alerts.deploy(_alerts())
    made = alerts.physical_ids()
    attributes = own.client("sns").get_topic_attributes(TopicArn=made["Topic"])["Attributes"]
    assert attributes["KmsMasterKeyId"] == made["TopicKey"]


class _Server(http.server.ThreadingHTTPServer):
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.posted: list[dict[str, Any]] = []


class _Receiver(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        self.server.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@pytest.fixture
def subscriber() -> Iterator[_Server]:
    """An HTTP server on this machine."""
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_alert_is_posted_when_the_subscriber_is_an_http_server(
    own: LocalAws, trail: Trail, alerts: Stack, subscriber: _Server
) -> None:
    alerts.deploy(_alerts())
    topics, topic = own.client("sns"), alerts.physical_ids()["Topic"]
    topics.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{subscriber.server_port}/")
    wait_until(lambda: subscriber.posted, "no confirmation was asked for")
    topics.confirm_subscription(TopicArn=topic, Token=subscriber.posted[0]["Token"])
    arn = _fail_a_rotation(own)
    wait_until(lambda: len(subscriber.posted) == 2, "nothing was posted")
    assert json.loads(subscriber.posted[1]["Message"])["detail"]["additionalEventData"] == {"SecretId": arn}
    assert len(trail.records("RotationFailed")) == 1
