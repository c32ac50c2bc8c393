"""What the watching functions find, as a rule of the test's own passes it on, and what they count."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from constructs_lib.environment_metric import NAMESPACE
from monitoring_handlers.findings import DETAIL_TYPE, SOURCE
from tests.end_to_end.conftest import Deployment


class FindingQueue:
    """A queue that receives findings from now on."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url
        self._received: list[dict[str, Any]] = []

    def received(self) -> list[dict[str, Any]]:
        """Return all findings so far."""
        messages = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            self._received.append(json.loads(message["Body"])["detail"])
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self._received


@contextmanager
def finding_queue(deployed: Deployment) -> Iterator[FindingQueue]:
    """Pass findings to a queue for a while."""
    sqs, events, name = deployed.client("sqs"), deployed.client("events"), f"found-{uuid.uuid4()}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = events.put_rule(Name=name, EventPattern=json.dumps({"source": [SOURCE], "detail-type": [DETAIL_TYPE]}))
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule["RuleArn"]}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        yield FindingQueue(sqs, url)
    finally:
        events.remove_targets(Rule=name, Ids=["queue"])
        events.delete_rule(Name=name)


def look(deployed: Deployment, at: datetime) -> None:
    """Invoke the health function as its schedule does at a time."""
    functions = deployed.client("lambda")
    (name,) = (
        each["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for each in page["Functions"]
        if each["FunctionName"].startswith(f"{deployed.environment.stack_name}-Health")
    )
    event = {"time": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer, answer["Payload"].read()


def counted(deployed: Deployment, metric: str) -> float:
    """Return what a metric of the environment's watching functions sums up to."""
    answer = deployed.client("cloudwatch").get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=metric,
        Dimensions=[{"Name": "environment", "Value": deployed.environment.slug}],
        StartTime=datetime(2020, 1, 1, tzinfo=UTC),
        EndTime=datetime(2040, 1, 1, tzinfo=UTC),
        Period=24 * 3600,
        Statistics=["Sum"],
    )
    return sum(float(each["Sum"]) for each in answer["Datapoints"])
