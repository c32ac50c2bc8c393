"""Subscriptions of functions to log groups: what they are sent, and what AWS asks before it accepts one.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
"""

import base64
import gzip
import json
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from local_cloud.launcher.access.service_principals import admits
from local_cloud.launcher.asynchronous import invoke
from local_cloud.launcher.emulator import emulated, wrap
from local_cloud.launcher.logs.json_patterns import PatternError, compiled, is_json_pattern
from local_cloud.launcher.secretsmanager.answers import ApiError, Request, Response, refusing

Line: TypeAlias = dict[str, Any]

_MODULE = "services.cloudwatch_logs"
_MOST_SUBSCRIPTIONS = 2
"""Of one log group (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html)."""

_GATHERING_SECONDS = 0.3
"""How long lines are gathered: CloudWatch Logs sends them in batches too."""

_MOST_LINES = 500
"""Of one batch, which stays below the 6 MB of an invocation's payload."""


def install_subscriptions() -> None:
    """Select lines by patterns of both sorts, send them in batches, and refuse what AWS would."""
    wrap(_MODULE, "_subscription_pattern_matches", _matching)
    wrap(_MODULE, "_put_subscription_filter", lambda put: refusing(_checked(put)))
    wrap(_MODULE, "_fanout_to_subscription_filters", lambda _: _OUTBOX.add)


def _matching(words: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    def matches(pattern: str, message: str) -> bool:
        return compiled(pattern)(message) if is_json_pattern(pattern) else words(pattern, message)

    return matches


def _checked(put: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        group = emulated(_MODULE, "_log_groups").get(request.get("logGroupName")) or {}
        _require_understood(str(request.get("filterPattern", "")))
        others = set(group.get("subscriptionFilters") or {}) - {request.get("filterName")}
        if len(others) >= _MOST_SUBSCRIPTIONS:
            raise ApiError("LimitExceededException", "Resource limit exceeded.")
        _require_invocable(str(request.get("destinationArn", "")), str(group.get("arn", "")))
        return put(request)

    return answer


def _require_understood(pattern: str) -> None:
    problem: str | None = None
    try:
        if is_json_pattern(pattern):
            compiled(pattern)
    except PatternError as error:
        problem = str(error)
    if problem is not None:
        raise ApiError("InvalidParameterException", f"Invalid filter pattern: {problem}")


def _require_invocable(destination: str, group_arn: str) -> None:
    """Check that a function's own policy lets CloudWatch Logs invoke it for this log group."""
    if ":function:" not in destination:
        return
    function, _, _ = emulated("services.lambda_svc", "_get_func_record_for_ref")(destination)
    account, region = emulated("core.responses", "get_account_id")(), emulated("core.responses", "get_region")()
    keys = {"aws:sourceaccount": account, "aws:sourcearn": f"{group_arn.removesuffix(':*')}:*"}
    policy = None if function is None else function.get("policy")
    services = ("logs.amazonaws.com", f"logs.{region}.amazonaws.com")
    if not any(admits(policy, each, "lambda:InvokeFunction", destination, keys) for each in services):
        raise ApiError(
            "InvalidParameterException",
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute "
            "your function.",
        )


class _Outbox:
    """Lines on their way to functions. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str, str, str], list[Line]] = {}

    def add(self, group: str, stream: str, lines: Sequence[Line]) -> None:
        """Gather the lines of a log group that its subscriptions ask for, and send them soon.

        Called in the scope of the group's account and region.
        """
        found = emulated(_MODULE, "_log_groups").get(group) or {}
        matches = emulated(_MODULE, "_subscription_pattern_matches")
        for subscription in list((found.get("subscriptionFilters") or {}).values()):
            destination, name = subscription.get("destinationArn", ""), subscription["filterName"]
            matched = [line for line in lines if matches(subscription.get("filterPattern", ""), line["message"])]
            if ":function:" not in destination or not matched or _is_its_own(group, destination):
                continue
            key = destination, group, stream, name
            with self._lock:
                first = key not in self._waiting
                self._waiting.setdefault(key, []).extend(matched)
            if first:
                spawn = emulated("core.concurrency", "spawn_background")
                spawn(self._send, key, thread_name="subscription")

    def _send(self, key: tuple[str, str, str, str]) -> None:
        threading.Event().wait(_GATHERING_SECONDS)
        with self._lock:
            lines = self._waiting.pop(key)
        destination, group, stream, name = key
        for first in range(0, len(lines), _MOST_LINES):
            invoke(destination, json.dumps(_event(group, stream, name, lines[first : first + _MOST_LINES])))


_OUTBOX = _Outbox()


def _is_its_own(group: str, destination: str) -> bool:
    """Tell whether a function would hear of its own lines, without end."""
    return group == f"/aws/lambda/{destination.partition(':function:')[2].partition(':')[0]}"


def _event(group: str, stream: str, name: str, lines: Sequence[Line]) -> dict[str, Any]:
    sent = {
        "messageType": "DATA_MESSAGE",
        "owner": emulated("core.responses", "get_account_id")(),
        "logGroup": group,
        "logStream": stream,
        "subscriptionFilters": [name],
        "logEvents": [
            {"id": uuid.uuid4().hex, "timestamp": line["timestamp"], "message": line["message"]} for line in lines
        ],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(sent).encode())).decode()}}
