"""What makes metrics: invocations of functions, their log lines, log groups, and messages that are not delivered.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html and
https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local_cloud.launcher.cloudwatch.metrics import record
from local_cloud.launcher.emulator import emulated, replace, wrap

_LAMBDA = "services.lambda_svc"
_SNS = "services.sns"
_SQS = "services.sqs"
_REFUSED = 400
_PUBLISHER = "sns.amazonaws.com"


def install_sources() -> None:
    """Count where MiniStack does not: it counts only invocations by the API, and not what became of those."""
    replace(_LAMBDA, "_emit_lambda_metrics", lambda *_, **__: None)
    wrap(_LAMBDA, "_emit_lambda_logs", _counting_invocations)
    wrap("services.cloudwatch_logs", "_put_log_events", _counting_lines)
    wrap(_SNS, "_deliver_to_sqs", _counting_lost_queue_messages)
    wrap(_SNS, "_http_post_sync", _counting_lost_requests)


@dataclass(frozen=True, slots=True)
class Point:
    """One value that a log line makes."""

    namespace: str
    name: str
    value: float
    unit: str
    dimensions: dict[str, str]


def embedded(text: str) -> Iterator[Point]:
    """Yield what the lines of *text* that are in embedded metric format make."""
    for line in text.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        directives = told.get("_aws", {}).get("CloudWatchMetrics", []) if isinstance(told, dict) else []
        for directive in directives:
            for names in directive["Dimensions"]:
                dimensions = {name: str(told[name]) for name in names}
                for metric in directive["Metrics"]:
                    unit = metric.get("Unit", "None")
                    yield Point(directive["Namespace"], metric["Name"], float(told[metric["Name"]]), unit, dimensions)


def _counting_invocations(emit: Callable[..., None]) -> Callable[..., None]:
    """Count each invocation, whoever made it, when its lines are written; functions' own clocks are not moved."""

    def emit_and_count(function: dict[str, Any], request_id: str, text: str, *rest: Any, **more: Any) -> None:  # noqa: ANN401 - MiniStack is untyped
        emit(function, request_id, text, *rest, **more)
        error, milliseconds = rest
        of = {"FunctionName": (function.get("config") or function)["FunctionName"]}
        record("AWS/Lambda", "Invocations", 1, "Count", of)
        record("AWS/Lambda", "Errors", int(error), "Count", of)
        record("AWS/Lambda", "Duration", milliseconds, "Milliseconds", of)
        for point in embedded(text):
            record(point.namespace, point.name, point.value, point.unit, point.dimensions)

    return emit_and_count


def _counting_lines(put: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def put_and_count(request: dict[str, Any]) -> Any:  # noqa: ANN401 - MiniStack is untyped
        answer = put(request)
        if answer[0] < _REFUSED:
            lines, of = request.get("logEvents", []), {"LogGroupName": request["logGroupName"]}
            record("AWS/Logs", "IncomingLogEvents", len(lines), "Count", of)
        return answer

    return put_and_count


def _counting_lost_queue_messages(deliver: Callable[..., None]) -> Callable[..., None]:
    def deliver_and_count(endpoint: str, *arguments: object, topic_arn: str = "", **more: object) -> None:
        account = topic_arn.split(":")[4]
        admitted = emulated(_SQS, "queue_policy_allows")
        if not emulated(_SQS, "_queue_by_arn")(endpoint) or not admitted(endpoint, _PUBLISHER, topic_arn, account):
            _count_lost(topic_arn)
        deliver(endpoint, *arguments, topic_arn=topic_arn, **more)

    return deliver_and_count


def _counting_lost_requests(post: Callable[[str, str, str], int]) -> Callable[[str, str, str], int]:
    def post_and_count(endpoint: str, payload: str, message_type: str) -> int:
        try:
            return post(endpoint, payload, message_type)
        except OSError:
            # A raw message does not say of which topic it is.
            topic_arn = _topic_of(payload) if message_type == "Notification" else None
            if topic_arn is not None:
                _count_lost(topic_arn)
            raise

    return post_and_count


def _topic_of(payload: str) -> str | None:
    try:
        told = json.loads(payload)
    except ValueError:
        return None
    return str(told["TopicArn"]) if isinstance(told, dict) and "TopicArn" in told else None


def _count_lost(topic_arn: str) -> None:
    _, _, _, region, account, name = topic_arn.split(":")
    with emulated("core.responses", "request_scope")(account, region):
        record("AWS/SNS", "NumberOfNotificationsFailed", 1, "Count", {"TopicName": name})
