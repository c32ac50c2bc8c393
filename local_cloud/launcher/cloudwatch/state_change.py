"""The event by which an alarm tells EventBridge of its state.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.cloudwatch.evaluation import Alarm
from local_cloud.launcher.eventbridge import new_event


def state_change(alarm: Alarm, old: str, new: str, reason: str) -> dict[str, Any]:
    """Return the event of an alarm of the current account and region."""
    at = datetime.fromtimestamp(CLOCK.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    detail = {
        "alarmName": alarm["AlarmName"],
        "state": {"value": new, "reason": reason, "timestamp": at},
        "previousState": {"value": old, "timestamp": at},
        "configuration": {
            "description": alarm.get("AlarmDescription", ""),
            "metrics": [_told(each) for each in alarm.get("Metrics") or [_only(alarm)]],
        },
    }
    return new_event("aws.cloudwatch", "CloudWatch Alarm State Change", detail, alarm["AlarmArn"])


def _only(alarm: Alarm) -> Mapping[str, Any]:
    """Return the metric of an alarm on one as ``Metrics`` would have it."""
    return {
        "Id": "metric",
        "MetricStat": {"Metric": alarm, "Period": alarm.get("Period"), "Stat": alarm.get("Statistic")},
    }


def _told(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return one of ``Metrics`` as the event has it: with an expression, or with the metric that is measured."""
    shown = {"id": query["Id"], "returnData": query.get("ReturnData", True)}
    if "Expression" in query:
        label = {"label": query["Label"]} if "Label" in query else {}
        return {**shown, "expression": query["Expression"], **label}
    measured, metric = query["MetricStat"], query["MetricStat"]["Metric"]
    named = {
        "namespace": metric.get("Namespace"),
        "name": metric.get("MetricName"),
        "dimensions": {each["Name"]: each["Value"] for each in metric.get("Dimensions") or []},
    }
    return {**shown, "metricStat": {"metric": named, "period": measured["Period"], "stat": measured["Stat"]}}
