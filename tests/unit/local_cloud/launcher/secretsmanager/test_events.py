import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from local_cloud.aws import client_options, new_session
from tests.unit.local_cloud.local_aws import LocalAws, wait_until

pytestmark = pytest.mark.servers

Received = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def received(aws: LocalAws) -> Received:
    """What EventBridge has delivered about a secret by now, oldest first."""
    bus = new_session().client("events", **client_options(aws.description))
    queues: Any = new_session().client("sqs", **client_options(aws.description))  # its types are not installed
    url = queues.create_queue(QueueName=f"events-{uuid.uuid4()}")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:*", "Resource": arn}
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [policy]})})
    bus.put_rule(Name="secrets", EventPattern=json.dumps({"source": ["aws.secretsmanager"]}))
    bus.put_targets(Rule="secrets", Targets=[{"Id": "queue", "Arn": arn}])
    events: list[dict[str, Any]] = []

    def about(secret_arn: str) -> list[dict[str, Any]]:
        while messages := queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            events.extend(json.loads(message["Body"]) for message in messages)
            for message in messages:
                queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [event for event in events if event["resources"] == [secret_arn]]

    return about


def _service_events(events: list[dict[str, Any]]) -> list[str]:
    return [
        event["detail"]["eventName"] for event in events if event["detail-type"] == "AWS Service Event via CloudTrail"
    ]


def _updated_labels(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (event["detail"]["labelUpdated"], event["detail"]["versionId"])
        for event in events
        if event["detail-type"] == "Secret Label Updated"
    ]


def test_start_and_success_reach_eventbridge_when_a_secret_rotates(
    aws: LocalAws, rotator: str, received: Received
) -> None:
    arn = aws.new_secret()
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)
    wait_until(lambda: len(_service_events(received(arn))) == 2, "no two events")
    assert _service_events(received(arn)) == ["RotationStarted", "RotationSucceeded"]


def test_event_names_the_secret_when_a_rotation_failed(aws: LocalAws, rotator: str, received: Received) -> None:
    arn = aws.new_secret(fail="setSecret")
    aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)
    wait_until(lambda: "RotationFailed" in _service_events(received(arn)), "no RotationFailed")
    detail = received(arn)[-1]["detail"]
    assert (detail["eventSource"], detail["additionalEventData"]) == (
        "secretsmanager.amazonaws.com",
        {"SecretId": arn},
    )


def test_label_updated_is_sent_once_when_a_rotation_moves_current(
    aws: LocalAws, rotator: str, received: Received
) -> None:
    arn = aws.new_secret()
    token = aws.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=rotator)["VersionId"]
    wait_until(lambda: "RotationSucceeded" in _service_events(received(arn)), "no RotationSucceeded")
    assert _updated_labels(received(arn)) == [("AWSCURRENT", token)]


@pytest.mark.parametrize("change", ["put_secret_value", "update_secret"])
def test_label_updated_is_sent_when_a_value_is_set_by_hand(aws: LocalAws, received: Received, change: str) -> None:
    arn = aws.new_secret()
    version = getattr(aws.secrets, change)(SecretId=arn, SecretString="second")["VersionId"]
    wait_until(lambda: received(arn), "no event")
    assert _updated_labels(received(arn)) == [("AWSCURRENT", version)]


def test_label_updated_is_sent_when_a_custom_label_moves(aws: LocalAws, received: Received) -> None:
    arn = aws.new_secret()
    current = aws.labels(arn)["AWSCURRENT"]
    aws.secrets.update_secret_version_stage(SecretId=arn, VersionStage="AWSPENDING", MoveToVersionId=current)
    aws.secrets.update_secret_version_stage(SecretId=arn, VersionStage="mine", MoveToVersionId=current)
    wait_until(lambda: received(arn), "no event")
    assert _updated_labels(received(arn)) == [("mine", current)]
