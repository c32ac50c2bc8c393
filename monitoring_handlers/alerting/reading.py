"""Which finding an event is; nothing here calls AWS."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from monitoring_handlers.findings import DETAIL_TYPE, Fact, Finding
from monitoring_handlers.tampering import finding_of
from monitoring_handlers.watched import Watched

Event: TypeAlias = Mapping[str, Any]

_ROTATIONS = {
    "RotationFailed": "rotation-failed",
    "RotationAbandoned": "rotation-abandoned",
    "TestRotationFailed": "rotation-test-failed",
    "EndSecretVersionDelete": "version-deleted",
}
"""Events that Secrets Manager sends through CloudTrail, without a call of its API."""

_DESCRIPTION = re.compile(r"([a-z][a-z-]+): ")
"""An alarm's description begins with the id of its alert."""

_TOLD = re.compile(r"([a-z][a-z-]+): .*docs/runbooks/rotation\.md#\1", re.DOTALL)
"""What a rotation function tells of a failure begins with its cause and ends with the runbook's section for it."""


def finding_in(event: Event, watched: Watched) -> Finding | None:
    """Return what *event* tells of the environment; None if it is about nobody's, or nothing to tell.

    Args:
        event: As EventBridge passes it to a function.
        watched: The environment.

    Raises:
        ValueError: A finding or an alarm of the environment is not written as such are.
        KeyError: Likewise.
    """
    detail = event.get("detail")
    if event.get("account") != watched.account or not isinstance(detail, Mapping):
        return None
    read = _READERS.get(str(event.get("detail-type")))
    return None if read is None else read(detail, watched)


def _sent(detail: Event, watched: Watched) -> Finding | None:
    found = Finding.parse(detail)
    return found if found.environment == watched.environment else None


def _of_rotation(detail: Event, watched: Watched) -> Finding | None:
    alert = _ROTATIONS.get(str(detail.get("eventName")))
    about = watched.secret((detail.get("additionalEventData") or {}).get("SecretId"))
    return None if alert is None or about is None else _finding(watched, alert, about, detail["eventTime"])


def _of_canary(detail: Event, watched: Watched) -> Finding | None:
    """Read Lambda's record of a function that failed.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    context, answer = detail.get("requestContext") or {}, detail.get("responsePayload") or {}
    payload = detail.get("requestPayload") or {}
    if watched.function(context.get("functionArn")) is None:
        return None
    data = (payload.get("detail") or {}).get("additionalEventData") or {}
    about = watched.secret(data.get("SecretId")) or str(watched.function(context["functionArn"]))
    told = str(answer.get("errorMessage", ""))
    # The message of a crash could hold anything; the function's own names no value.
    ours = _TOLD.fullmatch(told)
    facts: dict[str, Fact] = {
        "cause": ours[1] if ours else "unexpected",
        "reason": told if ours else f"the function crashed or ran out of time ({answer.get('errorType', 'no answer')})",
        "function": str(watched.function(context["functionArn"])),
    }
    alert = "canary-rolled-back" if facts["cause"] == "canary-rolled-back" else "canary-failed"
    return _finding(watched, alert, about, detail["timestamp"], facts)


def _of_alarm(detail: Event, watched: Watched) -> Finding | None:
    """Read an alarm's change of state.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    """
    name, state = watched.made(detail.get("alarmName")), detail.get("state") or {}
    if name is None or state.get("value") != "ALARM":
        return None
    description = str((detail.get("configuration") or {}).get("description", ""))
    alert = _DESCRIPTION.match(description)
    if alert is None:
        raise ValueError(f"the description of the alarm {name} does not begin with the id of an alert")
    facts: dict[str, Fact] = {"alarm": name, "reason": str(state.get("reason", "-"))}
    return _finding(watched, alert[1], name, state["timestamp"], facts)


_READERS: Mapping[str, Callable[[Event, Watched], Finding | None]] = {
    DETAIL_TYPE: _sent,
    "AWS Service Event via CloudTrail": _of_rotation,
    "Lambda Function Invocation Result - Failure": _of_canary,
    "CloudWatch Alarm State Change": _of_alarm,
    "AWS API Call via CloudTrail": finding_of,
}


def _finding(watched: Watched, alert: str, about: str, at: object, facts: Mapping[str, Fact] | None = None) -> Finding:
    when = datetime.fromisoformat(str(at))
    return Finding(alert=alert, environment=watched.environment, about=about, at=when, facts=facts or {})
