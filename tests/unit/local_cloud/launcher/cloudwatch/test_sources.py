"""What makes metrics."""

import http.server
import json
import threading
import uuid
from typing import Literal

import pytest

from tests.unit.local_cloud.launcher.cloudwatch.measured import total
from tests.unit.local_cloud.launcher.trails import Trail
from tests.unit.local_cloud.local_aws import NOTHING, LocalAws, wait_until

pytestmark = pytest.mark.servers

FUNCTION = b"""
import json

def handler(event, context):
    line = {"environment": "test", "Runs": 3, "_aws": {"Timestamp": 0, "CloudWatchMetrics": [{
        "Namespace": "Own", "Dimensions": [["environment"]], "Metrics": [{"Name": "Runs", "Unit": "Count"}]}]}}
    print(json.dumps(line))
    print("no metric")
    print(json.dumps([1]))
    if event.get("fail"):
        raise ValueError("as told")
"""


def test_log_lines_in_embedded_format_become_metrics(own: LocalAws) -> None:
    function = own.new_function({"it.py": FUNCTION}, "it.handler", policy=NOTHING)

    own.functions.invoke(FunctionName=function)
    own.functions.invoke(FunctionName=function)

    assert total(own, "Own", "Runs", environment="test") == 6


@pytest.mark.parametrize("invocation", ["RequestResponse", "Event"])
def test_invocations_and_errors_are_counted_for_each_function(
    own: LocalAws, invocation: Literal["RequestResponse", "Event"]
) -> None:
    function = own.new_function({"it.py": FUNCTION}, "it.handler", policy=NOTHING)
    of = {"FunctionName": function.rpartition(":")[2]}

    for event in ({}, {"fail": True}):
        own.functions.invoke(FunctionName=function, InvocationType=invocation, Payload=json.dumps(event))

    wait_until(lambda: total(own, "AWS/Lambda", "Invocations", **of) >= 2, "not two invocations")
    wait_until(lambda: total(own, "AWS/Lambda", "Errors", **of) >= 1, "no error")
    if invocation == "RequestResponse":  # others are tried again
        assert (total(own, "AWS/Lambda", "Invocations", **of), total(own, "AWS/Lambda", "Errors", **of)) == (2, 1)


def test_events_that_reach_a_log_group_are_counted(own: LocalAws, trail: Trail) -> None:
    before = total(own, "AWS/Logs", "IncomingLogEvents", LogGroupName=trail.group)

    own.iam.list_roles()

    def counted() -> bool:
        return total(own, "AWS/Logs", "IncomingLogEvents", LogGroupName=trail.group) > before

    wait_until(counted, "nothing was counted")


def _topic(own: LocalAws, protocol: str, endpoint: str) -> str:
    topics = own.client("sns")
    arn: str = topics.create_topic(Name=f"test-{uuid.uuid4()}")["TopicArn"]
    topics.subscribe(TopicArn=arn, Protocol=protocol, Endpoint=endpoint)
    return arn


def _lost(own: LocalAws, topic_arn: str) -> float:
    return total(own, "AWS/SNS", "NumberOfNotificationsFailed", TopicName=topic_arn.rpartition(":")[2])


def test_message_is_counted_as_failed_when_its_queue_is_gone_or_closed(own: LocalAws) -> None:
    queues = own.client("sqs")
    url = queues.create_queue(QueueName=f"test-{uuid.uuid4()}")["QueueUrl"]
    queue = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    arn = _topic(own, "sqs", queue)
    publish = own.client("sns").publish

    publish(TopicArn=arn, Message="closed")
    assert _lost(own, arn) == 1

    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": queue}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    publish(TopicArn=arn, Message="open")
    assert _lost(own, arn) == 1

    queues.delete_queue(QueueUrl=url)
    publish(TopicArn=arn, Message="gone")
    assert _lost(own, arn) == 2


def test_message_is_counted_as_failed_when_its_server_is_gone(own: LocalAws) -> None:
    tokens: list[str] = []

    class Receive(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            tokens.append(json.loads(body)["Token"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Receive)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        arn = _topic(own, "http", f"http://127.0.0.1:{server.server_port}/")
        wait_until(lambda: tokens, "no confirmation was asked for")
        own.client("sns").confirm_subscription(TopicArn=arn, Token=tokens[0])
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    own.client("sns").publish(TopicArn=arn, Message="lost")

    wait_until(lambda: _lost(own, arn) >= 1, "nothing was counted")
