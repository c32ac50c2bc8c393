"""EventBridge before alerting: the rules' own patterns, matched as the local AWS matches them."""

import functools
import json
from collections.abc import Callable
from typing import Any

from aws_cdk import App, Environment, Stack

from constructs_lib.alert_patterns import Hearing
from local_cloud.launcher.emulator import emulated
from tests.fakes.trail_records import ACCOUNT, REGION, Record

_DETAIL_TYPES = {"AwsApiCall": "AWS API Call via CloudTrail", "AwsServiceEvent": "AWS Service Event via CloudTrail"}
_EVENTBRIDGE = "services.eventbridge"


def event_of(source: str, detail_type: str, detail: Record) -> Record:
    """Return an event of EventBridge's in the environment's region."""
    return {"source": source, "detail-type": detail_type, "account": ACCOUNT, "region": REGION, "detail": detail}


def event_of_call(each: Record) -> Record:
    """Return the event that CloudTrail makes of a record."""
    return event_of(f"aws.{each['eventSource'].partition('.')[0]}", _DETAIL_TYPES[each["eventType"]], each)


def heard(event: Record) -> bool:
    """Tell whether a rule of Prod passes an event on to alerting."""
    kept = {
        "EventId": "7bf73129-1428-4cd3-a780-95db273d1602",
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Time": "2026-11-25T03:14:07Z",
        "Account": event["account"],
        "Region": event["region"],
    }
    view = emulated(_EVENTBRIDGE, "_pattern_event_view")(kept)
    matches: Callable[..., bool] = emulated(_EVENTBRIDGE, "_matches_pattern_view")
    return any(matches(pattern, view, "a rule of alerting") for pattern in _patterns())


@functools.cache
def _patterns() -> tuple[str, ...]:
    stack = Stack(App(), "AleesSecretsProd", env=Environment(account=ACCOUNT, region=REGION))
    patterns = Hearing(environment="prod", name_prefix="alees/prod/", stack=stack).patterns().values()
    shaped: list[dict[str, Any]] = [
        {"source": each.source, "detail-type": each.detail_type, "detail": each.detail} for each in patterns
    ]
    return tuple(json.dumps(each).replace(stack.partition, "aws") for each in shaped)
