"""Which state an alarm is in. Pure: points come in, a state goes out.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from local_cloud.launcher.cloudwatch.bands import ABOVE, HISTORY_SECONDS, on_one_metric, upper_edge

Alarm: TypeAlias = Mapping[str, Any]
Point: TypeAlias = Mapping[str, Any]
Statistic: TypeAlias = Callable[[Sequence[Point]], float | None]

OK, ALARM, NO_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

_BREACHES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
    ABOVE: lambda value, edge: value > edge,
}


def evaluated(alarm: Alarm) -> Alarm | None:
    """Return the alarm as one on a single metric; None unless it compares one with a threshold or with its band."""
    single = on_one_metric(alarm) if alarm.get("ComparisonOperator") == ABOVE else alarm
    if single is None or not single.get("MetricName") or single.get("ComparisonOperator") not in _BREACHES:
        return None
    return single


def state_of(alarm: Alarm, points: Sequence[Point], statistic: Statistic, *, now: float, known_since: float) -> str:
    """Return the state of an alarm.

    Args:
        alarm: As ``evaluated`` returns it. On a band, it has insufficient data while there is too little history.
        points: All of its metric.
        statistic: Makes a value of the points of one period.
        now: Seconds since 1970.
        known_since: Since when it is known that nothing came when nothing did: an alarm that is new, or a clock that
            was moved far, waits for its whole range before it takes what is missing for missing.
    """
    period, periods = alarm["Period"], alarm["EvaluationPeriods"]
    learned = int(HISTORY_SECONDS // period) if "Width" in alarm else 0
    values = [statistic(each) for each in _windows(points, period, periods + learned, now)]
    threshold = _threshold(alarm, values[periods:])
    if threshold is None:
        return NO_DATA
    breaches = _BREACHES[alarm["ComparisonOperator"]]
    breaching = [breaches(value, threshold) for value in values[:periods] if value is not None]
    missing, treatment = periods - len(breaching), alarm.get("TreatMissingData", "missing")
    unknown = now - known_since < period * periods
    if not breaching and (treatment == "ignore" or (unknown and treatment != "notBreaching")):
        return str(alarm["StateValue"])
    if not breaching and treatment == "missing":
        return NO_DATA
    counted = sum(breaching) + (missing if treatment == "breaching" and not unknown else 0)
    return ALARM if counted >= alarm.get("DatapointsToAlarm", periods) else OK


def _threshold(alarm: Alarm, earlier: Sequence[float | None]) -> float | None:
    """Return what values are compared with: what was said, or what earlier periods teach."""
    if "Width" not in alarm:
        return float(alarm["Threshold"])
    return upper_edge([value for value in earlier if value is not None], alarm["Width"])


def _windows(points: Sequence[Point], period: float, periods: int, now: float) -> list[list[Point]]:
    """Return the points of each period, newest first; periods end now and not on the hour."""
    windows: list[list[Point]] = [[] for _ in range(periods)]
    for each in points:
        number = int((now - each["Timestamp"]) // period)
        if 0 <= number < periods:
            windows[number].append(each)
    return windows
