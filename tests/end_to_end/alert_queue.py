"""What a subscriber of an environment's alerts, or of its changed secrets, is told."""

import json
import uuid
from dataclasses import dataclass
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
        self.topic_arn: str = topic
        self._notifications: list[dict[str, Any]] = []

    def notifications(self) -> list[dict[str, Any]]:
        """Return all notifications so far, oldest first."""
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                self._notifications.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self._notifications

    def received(self) -> list[dict[str, Any]]:
        """Return the details of all events so far, oldest first."""
        return [json.loads(each["Message"])["detail"] for each in self.notifications()]


@dataclass(frozen=True, slots=True)
class Alert:
    """What a subscriber reads."""

    subject: str
    body: str


class AlertQueue(TopicQueue):
    """A queue that receives the alerts from now on, but for the one about its own subscription.

    What was told before is told again: the count of repetitions begins anew.

    Args:
        deployed: The environment.
    """

    def __init__(self, deployed: Deployment) -> None:
        super().__init__(deployed, "-Alerts")
        counts: Any = deployed.client("dynamodb")
        (self._table,) = (name for name in counts.list_tables()["TableNames"] if "-AlertsTold" in name)
        self._counts = counts
        self.forget()

    def forget(self) -> None:
        """Have the next alert of each kind told, whatever was told before."""
        for item in self._counts.scan(TableName=self._table, ProjectionExpression="alert")["Items"]:
            self._counts.delete_item(TableName=self._table, Key={"alert": item["alert"]})

    def alerts(self) -> list[Alert]:
        """Return all alerts so far, oldest first."""
        told = [Alert(each["Subject"], each["Message"]) for each in self.notifications()]
        return [each for each in told if "What watches was changed: Subscribe on" not in each.subject]

    def about(self, alert: str) -> list[Alert]:
        """Return those alerts that name the runbook's section *alert*."""
        return [each for each in self.alerts() if f"docs/runbooks/alerts.md#{alert}\n" in each.body]

    def with_part(self, alert: str, part: str) -> list[Alert]:
        """Return those alerts of a kind that have *part*, such as who did it, somewhere."""
        return [each for each in self.about(alert) if part in each.body]
