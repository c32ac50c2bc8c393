"""Alarms: evaluated by the clock that tests move, told to topics that admit them, and to EventBridge."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.cloudwatch.evaluation import Alarm, Point, evaluated, state_of
from local_cloud.launcher.cloudwatch.state_change import state_change
from local_cloud.launcher.emulator import emulated, replace, wrap
from local_cloud.launcher.eventbridge import dispatch
from local_cloud.launcher.topics import may_publish

_LOGGER = logging.getLogger(__name__)
_MODULE = "services.cloudwatch"
_SERVICE = "cloudwatch.amazonaws.com"
_TICK_SECONDS = 1.0
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")

_LOCK = threading.RLock()
_known_since: dict[str, float] = {}
"""When each alarm, by its ARN, was first seen."""


def install_alarms() -> None:
    """Evaluate alarms this way."""
    replace(_MODULE, "_evaluate_alarm", evaluate)
    wrap(_MODULE, "_dispatch_alarm_actions", _telling)


def start_alarms() -> None:
    """Evaluate all alarms every second, and whenever the clock is advanced, until the process ends."""
    threading.Thread(target=_run, name="alarms", daemon=True).start()


def _run() -> None:
    while True:
        for (account, region, _), alarm in emulated(_MODULE, "_alarms").all_items():
            with emulated("core.responses", "request_scope")(account, region):
                evaluate(alarm)
        CLOCK.wait(_TICK_SECONDS)


def evaluate(alarm: dict[str, Any]) -> None:
    """Bring the state of an alarm of the current account and region up to date, and tell of a change."""
    with _LOCK:
        single = evaluated(alarm)
        if single is None:
            return
        now = CLOCK.now()
        since = max(_known_since.setdefault(alarm["AlarmArn"], now), CLOCK.known_since)
        old = alarm["StateValue"]
        new = state_of(single, _points(single), _statistic(single), now=now, known_since=since)
        if new == old:
            return
        reason = f"{single['MetricName']} over the last {single['EvaluationPeriods']} periods of {single['Period']} s"
        alarm |= {"StateValue": new, "StateReason": reason, "StateUpdatedTimestamp": int(now)}
        emulated(_MODULE, "_record_history")(alarm["AlarmName"], old, new, reason)
        emulated(_MODULE, "_dispatch_alarm_actions")(alarm, old, new, reason)
        emulated(_MODULE, "_evaluate_parent_alarms")(alarm)


def _points(alarm: Alarm) -> list[Point]:
    dimensions = emulated(_MODULE, "_dims_key")(emulated(_MODULE, "_dims_from_list")(alarm.get("Dimensions") or []))
    return list(emulated(_MODULE, "_metric_bucket")((alarm["Namespace"], alarm["MetricName"], dimensions)))


def _statistic(alarm: Alarm) -> Callable[[Sequence[Point]], float | None]:
    name = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")

    def value(points: Sequence[Point]) -> float | None:
        if not points:
            return None
        found: float | None = emulated(_MODULE, "_stat_value")(emulated(_MODULE, "_calc_stats")(points), name, points)
        return found

    return value


def _telling(tell: Callable[..., None]) -> Callable[..., None]:
    def dispatch_actions(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
        admitted = {field: [each for each in alarm.get(field) or [] if _may_tell(each, alarm)] for field in _ACTIONS}
        tell({**alarm, **admitted}, old, new, reason)
        dispatch(state_change(alarm, old, new, reason))

    return dispatch_actions


def _may_tell(action: str, alarm: Alarm) -> bool:
    if action.split(":")[2] != "sns" or may_publish(action, alarm["AlarmArn"], _SERVICE):
        return True
    _LOGGER.warning("%s tells nobody: the policies of %s or of its key do not admit it", alarm["AlarmName"], action)
    return False
