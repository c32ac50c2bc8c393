"""Which state an alarm is in."""

from collections.abc import Sequence
from typing import Any

import pytest

from local_cloud.launcher.cloudwatch.bands import LEAST_PERIODS
from local_cloud.launcher.cloudwatch.evaluation import Point, evaluated, state_of
from tests.unit.local_cloud.launcher.cloudwatch.band import on_band

HOUR = 3600
NOW = 100 * HOUR


def alarm(**properties: Any) -> dict[str, Any]:
    """An alarm on less than one in each of three hours."""
    return {
        "MetricName": "Runs",
        "Period": HOUR,
        "EvaluationPeriods": 3,
        "Threshold": 1.0,
        "ComparisonOperator": "LessThanThreshold",
        "StateValue": "INSUFFICIENT_DATA",
        **properties,
    }


def total(points: Sequence[Point]) -> float | None:
    return sum(each["Value"] for each in points) if points else None


def state(given: dict[str, Any], *hours_ago: float, value: float = 1, known_since: float = 0) -> str:
    points = [{"Timestamp": NOW - hours * HOUR, "Value": value} for hours in hours_ago]
    return state_of(given, points, total, now=NOW, known_since=known_since)


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("breaching", "ALARM"),
        ("notBreaching", "OK"),
        ("missing", "INSUFFICIENT_DATA"),
        ("ignore", "the state before"),
    ],
)
def test_missing_data_is_treated_as_the_alarm_says(treatment: str, expected: str) -> None:
    assert state(alarm(TreatMissingData=treatment, StateValue="the state before"), 3.5) == expected


@pytest.mark.parametrize("hours_ago", [0.5, 1.5, 2.9])
def test_alarm_is_silent_when_one_of_its_periods_is_well(hours_ago: float) -> None:
    assert state(alarm(TreatMissingData="breaching"), hours_ago) == "OK"


def test_one_breach_is_enough_when_the_alarm_says_so() -> None:
    few = alarm(TreatMissingData="notBreaching", DatapointsToAlarm=1)

    assert state(few, 0.5, value=0) == "ALARM"
    assert state(few, 0.5, value=1) == "OK"


def test_alarm_waits_for_its_whole_range_when_it_is_new() -> None:
    silent = alarm(TreatMissingData="breaching")

    assert state(silent, known_since=NOW - 2.9 * HOUR) == "INSUFFICIENT_DATA"
    assert state(silent, known_since=NOW - 3 * HOUR) == "ALARM"
    assert state(silent, 0.5, known_since=NOW - 2.9 * HOUR) == "OK"


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ("GreaterThanThreshold", 1, "OK"),
        ("GreaterThanThreshold", 2, "ALARM"),
        ("GreaterThanOrEqualToThreshold", 1, "ALARM"),
        ("LessThanThreshold", 0, "ALARM"),
        ("LessThanOrEqualToThreshold", 1, "ALARM"),
        ("LessThanOrEqualToThreshold", 2, "OK"),
    ],
)
def test_value_is_compared_as_the_alarm_says(comparison: str, value: float, expected: str) -> None:
    assert state(alarm(ComparisonOperator=comparison, EvaluationPeriods=1), 0.5, value=value) == expected


def band_state(*hours: float, history: int = LEAST_PERIODS, oldest_hour: float = 4) -> str:
    """Return the state when the last hours had so much each, and *history* hours before had one and three by turns."""
    judged = evaluated({**on_band(), "StateValue": "OK"})
    assert judged is not None
    earlier = ((oldest_hour + hour, (1, 3)[hour % 2]) for hour in range(history))
    values = [*((hour + 0.5, value) for hour, value in enumerate(hours)), *earlier]
    points = [{"Timestamp": NOW - ago * HOUR, "Value": value} for ago, value in values]
    return state_of(judged, points, total, now=NOW, known_since=0)


def test_value_is_compared_with_the_band_that_earlier_hours_make() -> None:
    assert band_state(6, 6, 6) == "OK"
    assert band_state(7, 6, 7) == "ALARM"
    assert band_state(7, 6, 6) == "OK"
    assert band_state() == "OK"


def test_what_is_judged_does_not_widen_its_own_band() -> None:
    assert band_state(1000, 1000, 1000) == "ALARM"


def test_band_is_learned_from_two_weeks_and_no_more() -> None:
    assert band_state(7, 7, history=LEAST_PERIODS - 1) == "INSUFFICIENT_DATA"
    assert band_state(7, 7, oldest_hour=3 + 14 * 24 - LEAST_PERIODS) == "ALARM"
    assert band_state(7, 7, oldest_hour=4 + 14 * 24 - LEAST_PERIODS) == "INSUFFICIENT_DATA"


def test_only_one_metric_is_evaluated_against_a_threshold_or_its_band() -> None:
    assert evaluated(alarm()) == alarm()
    assert evaluated(on_band()) is not None
    assert evaluated(alarm(ComparisonOperator="GreaterThanUpperThreshold")) is None
    assert evaluated(on_band(ComparisonOperator="LessThanLowerThreshold")) is None
    assert evaluated(on_band(ComparisonOperator="GreaterThanThreshold")) is None
