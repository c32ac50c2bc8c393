"""AWS::CloudWatch::AnomalyDetector, and alarms on a band: accepted, and never evaluated.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-anomalydetector.html
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Created, Properties, add_type, wrap_handler

DETECTOR = "AWS::CloudWatch::AnomalyDetector"
ALARM = "AWS::CloudWatch::Alarm"
_BAND = "ANOMALY_DETECTION_BAND"


def install_anomaly_band() -> None:
    """Accept both; MiniStack refuses the detector, and every alarm with an expression."""
    add_type(
        DETECTOR,
        create=lambda logical_id, _, stack: (f"{stack}-{logical_id}", {}),
        update=lambda physical_id, _, __, ___: (physical_id, {}),
        delete=lambda _, __: None,
        replacing=(),
    )
    wrap_handler(ALARM, "create", lambda create: _without_band(create, 1))
    wrap_handler(ALARM, "update", lambda update: _without_band(update, 1, 2))


def _without_band(handler: Callable[..., Created], *properties_at: int) -> Callable[..., Created]:
    def handle(*arguments: Any, **more: Any) -> Created:  # noqa: ANN401 - MiniStack is untyped
        given = list(arguments)
        for position in properties_at:
            given[position] = without_band(given[position])
        return handler(*given, **more)

    return handle


def without_band(properties: Properties) -> Properties:
    """Return the properties of an alarm on a band as those of one on the band's metric; others as they are.

    The comparison with the band stays, and shows that the alarm is not evaluated.
    """
    metrics = properties.get("Metrics") or []
    if not any(_BAND in str(each.get("Expression", "")) for each in metrics):
        return properties
    stat = next(each["MetricStat"] for each in metrics if "MetricStat" in each)
    rest = {key: value for key, value in properties.items() if key not in {"Metrics", "ThresholdMetricId"}}
    metric = stat["Metric"]
    return {
        **rest,
        "Namespace": metric["Namespace"],
        "MetricName": metric["MetricName"],
        "Dimensions": metric.get("Dimensions", []),
        "Period": stat["Period"],
        "Statistic": stat["Stat"],
        "Threshold": 0,
    }
