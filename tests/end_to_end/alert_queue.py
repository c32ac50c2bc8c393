"""What a subscriber of an environment's alerts, or of its changed secrets, is told."""

import json
import uuid
from typing import Any

from tests.end_to_end.conftest import Deployment


class TopicQueue:
    """A queue that receives what is published to a topic from now on.

    Args:
        deployed: The environment.
        topic_part: What stands in the ARN of that topic alone.
    """

    def __init__(self, deployed: Deployment, topic_part: str) -> None:
        self._sqs: Any = deployed.client("sqs")
        self._url: str = self._sqs.create_queue(QueueName=f"heard-{uuid.uuid4()}")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]
        topics: Any = deployed.client("sns")
        (topic,) = (each["TopicArn"] for each in topics.list_topics()["Topics"] if topic_part in each["TopicArn"])
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": attributes["QueueArn"],
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": policy})
        topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["QueueArn"])
        self._received: list[dict[str, Any]] = []

    def received(self) -> list[dict[str, Any]]:
        """Return the details of all events so far, oldest first."""
        messages = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            self._received.append(json.loads(json.loads(message["Body"])["Message"])["detail"])
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self._received


class AlertQueue(TopicQueue):
    """A queue that receives the alerts from now on.

    Args:
        deployed: The environment.
    """

    def __init__(self, deployed: Deployment) -> None:
        super().__init__(deployed, "Alerts")
