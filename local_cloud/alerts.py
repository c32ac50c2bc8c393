"""Read the alerts of the Local environment as a subscriber does."""

import json
from collections.abc import Iterator
from typing import Any

from config.local import LocalCloud
from local_cloud.aws import client_options, new_session
from local_cloud.errors import LocalCloudError

_QUEUE = "alees-local-alerts"
_WAIT_SECONDS = 10


def alerts(cloud: LocalCloud) -> Iterator[tuple[str, str]]:
    """Yield subject and text of each alert from now on, and of those that nobody has read since the last time.

    The first is about this very subscription: a new reader of alerts is told to the others.

    Args:
        cloud: Where the environment is.

    Raises:
        LocalCloudError: The environment is not deployed.
    """
    session: Any = new_session()
    sqs, sns = session.client("sqs", **client_options(cloud)), session.client("sns", **client_options(cloud))
    topics = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
    topic = next((each for each in topics if f":{cloud.environment().stack_name}-Alerts" in each), None)
    if topic is None:
        raise LocalCloudError("the Local environment has no topic for alerts; deploy it with: make local")
    url = sqs.create_queue(QueueName=_QUEUE)["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    while True:
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=_WAIT_SECONDS)
        for message in received.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            body = json.loads(message["Body"])
            yield str(body.get("Subject", "")), str(body["Message"])
