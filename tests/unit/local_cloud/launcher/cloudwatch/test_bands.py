"""What is usual, and which alarms are on a band of it."""

from typing import Any

import pytest

from local_cloud.launcher.cloudwatch.bands import LEAST_PERIODS, on_one_metric, upper_edge
from tests.unit.local_cloud.launcher.cloudwatch.band import HOUR, on_band


def test_edge_is_the_mean_and_so_many_deviations_more() -> None:
    assert upper_edge([3, 5] * LEAST_PERIODS, 2) == 4 + 2 * 1
    assert upper_edge([4] * LEAST_PERIODS, 2) == 4


def test_nothing_is_usual_while_there_is_too_little_history() -> None:
    assert upper_edge([4] * (LEAST_PERIODS - 1), 2) is None


def test_alarm_above_a_band_is_one_on_its_metric() -> None:
    single = on_one_metric(on_band())

    assert single is not None
    assert (single["Namespace"], single["MetricName"]) == ("Own", "Runs")
    assert (single["Period"], single["Statistic"], single["Width"]) == (HOUR, "Sum", 4)
    assert single["Dimensions"] == [{"Name": "environment", "Value": "test"}]
    assert {"Metrics", "Threshold", "ThresholdMetricId"} & set(single) == set()


BAND, MEASURED = on_band()["Metrics"]


@pytest.mark.parametrize(
    "other",
    [
        on_band(ComparisonOperator="LessThanLowerThreshold"),
        on_band(ThresholdMetricId="m0"),
        on_band(Metrics=[BAND]),
        on_band(Metrics=[{**BAND, "Expression": "m0 * 2"}, MEASURED]),
        on_band(Metrics=[BAND, {"Id": "m0", "Expression": "1 + 1"}]),
        {"MetricName": "Runs", "ComparisonOperator": "GreaterThanUpperThreshold"},
    ],
)
def test_alarm_is_not_on_a_band_when_it_is_anything_else(other: dict[str, Any]) -> None:
    assert on_one_metric(other) is None
