"""A failed rotation reaches a subscriber, and the next one succeeds when its cause is gone."""

import json
from typing import Any

import pytest

from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers


@pytest.fixture
def queue(deployed: Deployment) -> str:
    """A queue that receives the environment's alerts."""
    sqs, sns = deployed.client("sqs"), deployed.client("sns")
    url: str = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    (topic,) = (each["TopicArn"] for each in sns.list_topics()["Topics"] if "Alerts" in each["TopicArn"])
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def _alerts(deployed: Deployment, url: str) -> list[dict[str, Any]]:
    messages = deployed.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"])["detail"] for message in messages]


def test_a_subscriber_is_told_when_a_rotation_fails_and_the_next_one_succeeds(deployed: Deployment, queue: str) -> None:
    client: Any = deployed.client("secretsmanager")
    name = deployed.name("database/credentials")
    before = deployed.value()
    seen: list[dict[str, Any]] = []

    def told() -> bool:
        seen.extend(_alerts(deployed, queue))
        return any(each["eventName"] == "RotationFailed" for each in seen)

    with deployed.refused_admin():
        version = client.rotate_secret(SecretId=name)["VersionId"]
        deployed.wait_for(told)
    assert [each["additionalEventData"]["SecretId"] for each in seen] == [client.describe_secret(SecretId=name)["ARN"]]
    assert deployed.value() == before
    deployed.login(before).close()

    client.rotate_secret(SecretId=name, ClientRequestToken=version)
    deployed.wait_for(lambda: "AWSCURRENT" in deployed.labels("database/credentials").get(version, []))
    deployed.login(deployed.value()).close()
