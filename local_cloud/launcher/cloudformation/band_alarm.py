"""AWS::CloudWatch::Alarm above the band of a metric: MiniStack takes alarms on one metric alone.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.cloudformation.recorded_types import ALARM
from local_cloud.launcher.cloudformation.resource_types import Created, wrap_handler
from local_cloud.launcher.cloudwatch.bands import on_one_metric
from local_cloud.launcher.emulator import emulated

_OF_ONE_METRIC = {"Dimensions", "ExtendedStatistic", "MetricName", "Namespace", "Period", "Statistic", "Threshold"}


def install_band_alarm() -> None:
    """Make such alarms. After ``install_recorded_types``, which accepts all alarms on computed metrics."""
    wrap_handler(ALARM, "create", lambda create: _with_band(create, properties_at=1))
    wrap_handler(ALARM, "update", lambda update: _with_band(update, properties_at=2))


def _with_band(make: Callable[..., Created], *, properties_at: int) -> Callable[..., Created]:
    def handle(*arguments: Any) -> Created:  # noqa: ANN401 - MiniStack is untyped
        wanted = arguments[properties_at]
        single = on_one_metric(wanted)
        if single is None:
            return make(*arguments)
        before, after = arguments[:properties_at], arguments[properties_at + 1 :]
        made = make(*before, {**single, "Threshold": 0}, *after)
        _put_band(made[0], {name: wanted[name] for name in ("Metrics", "ThresholdMetricId")})
        return made

    return handle


def _put_band(name: str, band: dict[str, Any]) -> None:
    """Have the alarm as DescribeAlarms shows it: with ``Metrics`` in place of one metric and its threshold."""
    alarms = emulated("services.cloudwatch", "_alarms")
    alarms[name] = {**{key: value for key, value in alarms[name].items() if key not in _OF_ONE_METRIC}, **band}
