"""Where an event goes: the event history, and while a trail is logging its log group and EventBridge.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

import json
from collections.abc import Iterable

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.cloudtrail.identity import user_name
from local_cloud.launcher.cloudtrail.records import Record
from local_cloud.launcher.cloudtrail.trails import Trail, logging_trails
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.eventbridge import dispatch

_DETAIL_TYPES = {
    "AwsApiCall": "AWS API Call via CloudTrail",
    "AwsServiceEvent": "AWS Service Event via CloudTrail",
}
_LOGS = "services.cloudwatch_logs"


def deliver_now(record: Record) -> None:
    """Deliver an event to the trails that are logging at this moment."""
    deliver(record, logging_trails(record["awsRegion"]).values())


def deliver(record: Record, trails: Iterable[Trail]) -> None:
    """Keep an event of the current account in the history and deliver it to these trails.

    Without any, EventBridge hears nothing of it either.
    """
    account = record["recipientAccountId"]
    trails = list(trails)
    with emulated("core.responses", "request_scope")(account, record["awsRegion"]):
        _remember(record)
        if trails:
            _send_to_eventbridge(record)
    for trail in trails:
        if group := trail.get("CloudWatchLogsLogGroupArn"):
            with emulated("core.responses", "request_scope")(account, trail["HomeRegion"]):
                _log(record, group.partition(":log-group:")[2].removesuffix(":*"), trail["HomeRegion"])


def _remember(record: Record) -> None:
    resources = [resource["ARN"] for resource in record.get("resources", [])]
    resources += (record.get("additionalEventData") or {}).values()
    emulated("services.cloudtrail", "_get_event_queue")().append(
        {
            "EventId": record["eventID"],
            "EventName": record["eventName"],
            "EventSource": record["eventSource"],
            "EventTime": CLOCK.now(),
            "Username": user_name(record["userIdentity"]),
            "AccessKeyId": record["userIdentity"].get("accessKeyId", ""),
            "ReadOnly": str(record["readOnly"]).lower(),
            "Resources": [{"ResourceName": resource} for resource in resources],
            "CloudTrailEvent": json.dumps(record),
        }
    )


def _send_to_eventbridge(record: Record) -> None:
    event = {
        "EventId": record["eventID"],
        "Source": f"aws.{record['eventSource'].partition('.')[0]}",
        "DetailType": _DETAIL_TYPES[record["eventType"]],
        "Detail": json.dumps(record),
        "EventBusName": "default",
        "Time": record["eventTime"],
        "Resources": [],
        "Account": record["recipientAccountId"],
        "Region": record["awsRegion"],
    }
    dispatch(event, read_only=record["readOnly"])


def _log(record: Record, group: str, home_region: str) -> None:
    """Write one log event. CloudTrail writes nothing when the group is gone, and neither does this."""
    stream = f"{record['recipientAccountId']}_CloudTrail_{home_region}"
    place = {"logGroupName": group, "logStreamName": stream}
    emulated(_LOGS, "_create_log_stream")(place)  # refused when it exists
    line = {"timestamp": int(CLOCK.now() * 1000), "message": json.dumps(record)}
    emulated(_LOGS, "_put_log_events")({**place, "logEvents": [line]})
