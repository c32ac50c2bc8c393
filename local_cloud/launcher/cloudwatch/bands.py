"""A band of usual values. It stands in for the model of CloudWatch's own, which AWS does not publish.

CloudWatch learns the trend of a metric, and its hours, days and weeks. Here every earlier period is like every other:
the band's upper edge is their mean and so many standard deviations more. That shows what an alarm on a band does, and
not which hours AWS finds unusual.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

import re
from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev
from typing import Any

ABOVE = "GreaterThanUpperThreshold"
"""The comparison with the upper edge; the others are not emulated."""

HISTORY_SECONDS = 14 * 86_400
"""From how far back CloudWatch learns."""

LEAST_PERIODS = 24
"""Earlier periods with data from which a band is made. AWS names no number; this is a day of hours."""

_BAND = re.compile(r"ANOMALY_DETECTION_BAND\((\w+), *([\d.]+)\)")


def on_one_metric(alarm: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an alarm on the band of one metric as an alarm on that metric, with ``Width`` instead of a threshold.

    None if it is on anything else.

    Args:
        alarm: As PutMetricAlarm and CloudFormation take it.
    """
    metrics = {each["Id"]: each for each in alarm.get("Metrics") or ()}
    band = _BAND.fullmatch(metrics.get(alarm.get("ThresholdMetricId"), {}).get("Expression", ""))
    measured = metrics.get(band[1], {}).get("MetricStat") if band else None
    if band is None or measured is None or alarm.get("ComparisonOperator") != ABOVE:
        return None
    return {
        **{name: value for name, value in alarm.items() if name not in {"Metrics", "ThresholdMetricId"}},
        **measured["Metric"],
        "Period": int(measured["Period"]),
        "Statistic": measured["Stat"],
        "Width": float(band[2]),
    }


def upper_edge(history: Sequence[float], width: float) -> float | None:
    """Return the most that is usual; None while there is too little history.

    Args:
        history: One value for each earlier period that has data.
        width: Standard deviations.
    """
    return None if len(history) < LEAST_PERIODS else fmean(history) + width * pstdev(history)
