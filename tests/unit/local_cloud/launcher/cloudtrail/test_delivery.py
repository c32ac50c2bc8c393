import base64
import gzip
import json

import pytest

from tests.unit.local_cloud.launcher.cloudformation.templates import TRAIL
from tests.unit.local_cloud.launcher.event_queue import EventQueue
from tests.unit.local_cloud.launcher.trails import Record, Trail
from tests.unit.local_cloud.local_aws import ALL_SECRETS, NOTHING, LocalAws, new_rotator, wait_until

pytestmark = pytest.mark.servers

PATTERN = {"source": ["aws.secretsmanager"], "detail-type": ["AWS API Call via CloudTrail"]}
ALL_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
CLASSIFIER = b"""
import sys
def handler(event, _context):
    sys.stderr.write(f"subscribed {event['awslogs']['data']}\\n")
"""


def test_writing_call_reaches_eventbridge_when_a_trail_is_logging(own: LocalAws, trail: Trail) -> None:
    queue = EventQueue(own, PATTERN)
    own.secrets.create_secret(Name="alees/dev/x", SecretString="first")
    (event,) = queue.wait_for(1)
    assert (event["source"], event["detail-type"]) == ("aws.secretsmanager", "AWS API Call via CloudTrail")
    assert event["detail"] == trail.record("CreateSecret")


def test_reading_call_reaches_only_rules_for_all_events_when_a_trail_is_logging(own: LocalAws, trail: Trail) -> None:
    plain, all_events = EventQueue(own, PATTERN), EventQueue(own, PATTERN, state=ALL_EVENTS)
    own.secrets.list_secrets()
    own.secrets.create_secret(Name="alees/dev/x", SecretString="first")
    assert [event["detail"]["eventName"] for event in all_events.wait_for(2)] == ["ListSecrets", "CreateSecret"]
    assert [event["detail"]["eventName"] for event in plain.wait_for(1)] == ["CreateSecret"]
    assert trail.records("ListSecrets") != []


def test_nothing_reaches_a_rule_when_it_is_disabled(own: LocalAws, trail: Trail) -> None:
    disabled, plain = EventQueue(own, PATTERN, state="DISABLED"), EventQueue(own, PATTERN)
    own.secrets.create_secret(Name="alees/dev/x", SecretString="first")
    plain.wait_for(1)
    assert (disabled.received(), len(trail.records("CreateSecret"))) == ([], 1)


@pytest.mark.parametrize("end", ["stop_logging", "delete_trail"])
def test_no_call_reaches_eventbridge_when_no_trail_is_logging(own: LocalAws, trail: Trail, end: str) -> None:
    queue = EventQueue(own, {"source": ["aws.secretsmanager"]})
    getattr(trail.aws.trail, end)(Name=TRAIL)
    own.secrets.create_secret(Name="alees/dev/x", SecretString="first")
    own.secrets.put_secret_value(SecretId="alees/dev/x", SecretString="second")
    # What needs no trail comes after what would have come.
    assert [event["detail-type"] for event in queue.wait_for(1)] == ["Secret Label Updated"]


def test_rotation_reaches_eventbridge_only_when_a_trail_is_logging(own: LocalAws) -> None:
    queue = EventQueue(own, {"source": ["aws.secretsmanager"]})
    arn = own.new_secret()
    own.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=new_rotator(own))
    own.wait_for_event(arn, "RotationSucceeded")
    assert [event["detail-type"] for event in queue.received()] == ["Secret Label Updated"]


def test_log_group_has_the_services_events_when_a_secret_rotates(own: LocalAws, trail: Trail) -> None:
    arn = own.new_secret()
    own.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=new_rotator(own))
    wait_until(lambda: trail.records("RotationSucceeded"), "no RotationSucceeded")
    record = trail.record("RotationSucceeded")
    assert (record["eventType"], record["additionalEventData"]) == ("AwsServiceEvent", {"SecretId": arn})
    assert len(trail.records("UpdateSecretVersionStage")) == 1


def test_stream_is_named_as_cloudtrail_does_when_events_are_written(own: LocalAws, trail: Trail) -> None:
    own.secrets.list_secrets()
    streams = own.logs.describe_log_streams(logGroupName=trail.group)["logStreams"]
    assert [stream["logStreamName"] for stream in streams] == [f"{own.description.account}_CloudTrail_eu-central-1"]


def test_call_succeeds_when_the_trails_log_group_is_gone(own: LocalAws, trail: Trail) -> None:
    own.logs.delete_log_group(logGroupName=trail.group)
    assert own.secrets.list_secrets()["SecretList"] == []
    own.logs.create_log_group(logGroupName=trail.group)  # for the stack's deletion


def test_function_hears_of_a_denied_read_when_it_subscribes_to_the_log_group(own: LocalAws, trail: Trail) -> None:
    function = own.new_function({"classifier.py": CLASSIFIER}, "classifier.handler", policy=ALL_SECRETS)
    own.functions.add_permission(
        FunctionName=function, StatementId="x", Action="lambda:InvokeFunction", Principal="logs.amazonaws.com"
    )
    pattern = '{ ($.errorCode = "AccessDenied*") && ($.eventName = "GetSecretValue") }'
    own.logs.put_subscription_filter(
        logGroupName=trail.group, filterName="all", filterPattern=pattern, destinationArn=function
    )
    arn = own.secrets.create_secret(Name="alees/dev/x", SecretString="first")["ARN"]
    stranger = own.role_client("stranger", NOTHING)
    with pytest.raises(stranger.exceptions.ClientError):
        stranger.get_secret_value(SecretId=arn)
    group = f"/aws/lambda/{function.rpartition(':')[2]}"
    wait_until(lambda: _heard(own, group), "the function heard nothing")
    (record,) = _heard(own, group)
    assert (record["errorCode"], record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"]) == (
        "AccessDenied",
        "stranger",
    )


def _heard(own: LocalAws, group: str) -> list[Record]:
    """Return what the classifier was told of."""
    groups = own.logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    lines = own.logs.filter_log_events(logGroupName=group)["events"] if groups else []
    sent = [line["message"].split()[1] for line in lines if line["message"].startswith("subscribed ")]
    told = [event for data in sent for event in json.loads(gzip.decompress(base64.b64decode(data)))["logEvents"]]
    return [json.loads(event["message"]) for event in told]
