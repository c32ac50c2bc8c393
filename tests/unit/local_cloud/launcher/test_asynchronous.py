import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.unit.local_cloud.launcher.event_queue import EventQueue
from tests.unit.local_cloud.local_aws import NOTHING, LocalAws, wait_until

pytestmark = pytest.mark.servers

FAILING = b"""
def handler(event, _context):
    print("tried", flush=True)
    if event["detail"]["fails"]:
        raise RuntimeError("as asked")
"""
NO_EVENTS = {"source": ["nothing"]}
PUT_EVENTS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "events:PutEvents", "Resource": "*"}],
}


@dataclass
class Invoked:
    """A function that a rule invokes through an alias with a destination for failures."""

    aws: LocalAws
    policy: dict[str, Any] = field(default_factory=lambda: PUT_EVENTS)
    attempts: int = 1
    admitted: str | None = None
    """ARN of the rule that the function's policy admits; its own unless given."""
    destination: str | None = None
    """ARN of what gets the records; the default bus unless given."""

    def __post_init__(self) -> None:
        self.source = f"test-{uuid.uuid4()}"
        self.records = EventQueue(self.aws, {"source": ["lambda"]})
        self.arn = self.aws.new_function({"failing.py": FAILING}, "failing.handler", policy=self.policy)
        functions, events = self.aws.functions, self.aws.client("events")
        self.alias = functions.create_alias(FunctionName=self.arn, Name="watched", FunctionVersion="$LATEST")[
            "AliasArn"
        ]
        destination = self.destination or events.describe_event_bus()["Arn"]
        functions.put_function_event_invoke_config(
            FunctionName=self.arn,
            Qualifier="watched",
            MaximumRetryAttempts=self.attempts - 1,
            DestinationConfig={"OnFailure": {"Destination": destination}},
        )
        rule = events.put_rule(Name=self.source, EventPattern=json.dumps({"source": [self.source]}))["RuleArn"]
        functions.add_permission(
            FunctionName=self.arn,
            Qualifier="watched",
            StatementId="rule",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=self.admitted or rule,
        )
        events.put_targets(Rule=self.source, Targets=[{"Id": "function", "Arn": self.alias}])

    def send(self, *, fails: bool) -> None:
        """Send an event that the rule matches."""
        entry = {"Source": self.source, "DetailType": "test", "Detail": json.dumps({"fails": fails})}
        self.aws.client("events").put_events(Entries=[entry])

    def tries(self) -> int:
        """Return how often the function was invoked."""
        name = f"/aws/lambda/{self.arn.rpartition(':')[2]}"
        if not self.aws.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]:
            return 0
        lines = self.aws.logs.filter_log_events(logGroupName=name)["events"]
        return sum("tried" in line["message"] for line in lines)


def test_record_reaches_the_bus_when_the_invocation_failed(own: LocalAws) -> None:
    invoked = Invoked(own)

    invoked.send(fails=True)

    (event,) = invoked.records.wait_for(1)
    assert event["detail-type"] == "Lambda Function Invocation Result - Failure"
    assert invoked.alias in event["resources"]
    detail = event["detail"]
    assert detail["requestContext"]["functionArn"] == invoked.alias
    assert (detail["requestContext"]["condition"], detail["requestContext"]["approximateInvokeCount"]) == (
        "RetriesExhausted",
        1,
    )
    assert detail["requestPayload"]["source"] == invoked.source
    assert detail["responsePayload"]["errorMessage"] == "as asked"


def test_record_reaches_the_topic_when_that_is_the_destination(own: LocalAws) -> None:
    topic, queue = own.client("sns").create_topic(Name=f"test-{uuid.uuid4()}")["TopicArn"], EventQueue(own, NO_EVENTS)
    own.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic}
    denied = Invoked(own, policy=NOTHING, destination=topic)
    invoked = Invoked(own, policy={"Version": "2012-10-17", "Statement": [statement]}, destination=topic)

    denied.send(fails=True)
    wait_until(denied.tries, "it was not invoked")
    invoked.send(fails=True)

    (notification,) = queue.wait_for(1)
    record = json.loads(notification["Message"])
    assert record["requestContext"]["functionArn"] == invoked.alias
    assert record["requestPayload"]["source"] == invoked.source


@pytest.mark.parametrize("attempts", [1, 3])
def test_function_is_tried_as_often_as_configured_when_it_fails(own: LocalAws, attempts: int) -> None:
    invoked = Invoked(own, attempts=attempts)

    invoked.send(fails=True)

    invoked.records.wait_for(1)
    assert invoked.tries() == attempts


def test_no_record_is_sent_when_the_invocation_succeeded(own: LocalAws) -> None:
    invoked = Invoked(own)

    invoked.send(fails=False)
    wait_until(invoked.tries, "it was not invoked")
    invoked.send(fails=True)

    (event,) = invoked.records.wait_for(1)
    assert event["detail"]["requestPayload"]["detail"] == {"fails": True}


def test_no_record_is_sent_when_the_role_may_not_put_events(own: LocalAws) -> None:
    denied, allowed = Invoked(own, policy=NOTHING), Invoked(own)

    denied.send(fails=True)
    wait_until(denied.tries, "it was not invoked")
    allowed.send(fails=True)

    (event,) = allowed.records.wait_for(1)
    assert event["detail"]["requestContext"]["functionArn"] == allowed.alias


def test_function_is_not_invoked_when_its_policy_admits_another_rule(own: LocalAws) -> None:
    closed = Invoked(own, admitted="arn:aws:events:eu-central-1:000000000000:rule/another")
    opened = Invoked(own)

    closed.send(fails=True)
    opened.send(fails=True)

    opened.records.wait_for(1)
    assert closed.tries() == 0
