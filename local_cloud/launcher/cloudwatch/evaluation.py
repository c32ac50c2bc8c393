"""Which state an alarm is in. Pure: points come in, a state goes out.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Alarm: TypeAlias = Mapping[str, Any]
Point: TypeAlias = Mapping[str, Any]
Statistic: TypeAlias = Callable[[Sequence[Point]], float | None]

OK, ALARM, NO_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

_BREACHES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def is_evaluated(alarm: Alarm) -> bool:
    """Tell whether the alarm compares one metric with a threshold; anomaly bands are not emulated."""
    return bool(alarm.get("MetricName")) and alarm.get("ComparisonOperator") in _BREACHES


def state_of(alarm: Alarm, points: Sequence[Point], statistic: Statistic, *, now: float, known_since: float) -> str:
    """Return the state of an alarm.

    Args:
        alarm: As MiniStack keeps it.
        points: All of its metric.
        statistic: Makes a value of the points of one period.
        now: Seconds since 1970.
        known_since: Since when it is known that nothing came when nothing did: an alarm that is new, or a clock that
            was moved far, waits for its whole range before it takes what is missing for missing.
    """
    period, periods = alarm["Period"], alarm["EvaluationPeriods"]
    values = [statistic(each) for each in _windows(points, period, periods, now)]
    breaches = _BREACHES[alarm["ComparisonOperator"]]
    breaching = [breaches(value, alarm["Threshold"]) for value in values if value is not None]
    missing, treatment = periods - len(breaching), alarm.get("TreatMissingData", "missing")
    unknown = now - known_since < period * periods
    if not breaching and (treatment == "ignore" or (unknown and treatment != "notBreaching")):
        return str(alarm["StateValue"])
    if not breaching and treatment == "missing":
        return NO_DATA
    counted = sum(breaching) + (missing if treatment == "breaching" and not unknown else 0)
    return ALARM if counted >= alarm.get("DatapointsToAlarm", periods) else OK


def _windows(points: Sequence[Point], period: float, periods: int, now: float) -> list[list[Point]]:
    """Return the points of each period, newest first; periods end now and not on the hour."""
    return [
        [each for each in points if now - (number + 1) * period < each["Timestamp"] <= now - number * period]
        for number in range(periods)
    ]
