"""Listen to EventBridge through a queue."""

import json
import uuid
from typing import Any

from tests.unit.local_cloud.local_aws import LocalAws, wait_until

Event = dict[str, Any]


class EventQueue:
    """A rule of the default bus with a queue as its target."""

    def __init__(self, aws: LocalAws, pattern: dict[str, Any], *, state: str = "ENABLED") -> None:
        self._queues = aws.client("sqs")
        name = f"events-{uuid.uuid4()}"
        self._url = self._queues.create_queue(QueueName=name)["QueueUrl"]
        attributes = self._queues.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]
        self.arn = attributes["QueueArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]},
            "Action": "sqs:*",
            "Resource": self.arn,
        }
        self._queues.set_queue_attributes(
            QueueUrl=self._url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
        )
        bus = aws.client("events")
        bus.put_rule(Name=name, EventPattern=json.dumps(pattern), State=state)
        bus.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": self.arn}])
        self._events: list[Event] = []

    def received(self) -> list[Event]:
        """Return every event so far, oldest first."""
        while messages := self._queues.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", []):
            self._events.extend(json.loads(message["Body"]) for message in messages)
            for message in messages:
                self._queues.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self._events

    def wait_for(self, count: int) -> list[Event]:
        """Return the events when there are *count* of them."""
        wait_until(lambda: len(self.received()) >= count, f"no {count} events")
        assert len(self._events) == count
        return self._events
