"""The alarms on silence, by the properties that they are deployed with, over the counts of each hour."""

import functools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from aws_cdk import App
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from config.environments import prod
from monitoring_handlers.alerting.reading import finding_in
from monitoring_handlers.findings import Finding
from stacks.alarms import Watchers, add_alarms
from stacks.environment import EnvironmentStack
from tests.fakes.trail_records import REGION
from tests.fakes.watching import watched
from tests.unit.monitoring_handlers.simulation.rules import event_of, heard

Counts = Mapping[tuple[str, int], int]
"""Metric and hour of the month to its sum."""

_HOUR = timedelta(hours=1)


def silence(counts: Counts, start: datetime, hours: int) -> Iterator[tuple[datetime, Finding]]:
    """Yield what is told of alarms, and when: as each goes off, at the end of the hour that made it."""
    for name, alarm in _alarms().items():
        ringing = False
        for hour in range(alarm["EvaluationPeriods"], hours + 1):
            before, ringing = ringing, _breaches(alarm, counts, hour)
            if ringing and not before:
                yield from _told(name, alarm, start + hour * _HOUR)


def _breaches(alarm: Mapping[str, Any], counts: Counts, hour: int) -> bool:
    """Tell whether all periods before the end of *hour* breach; of these alarms one without data does too."""
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("LessThanThreshold", "breaching")
    assert alarm["Period"] == _HOUR.total_seconds()
    periods = range(hour - alarm["EvaluationPeriods"], hour)
    return all(counts.get((alarm["MetricName"], each), 0) < alarm["Threshold"] for each in periods)


def _told(name: str, alarm: Mapping[str, Any], at: datetime) -> Iterator[tuple[datetime, Finding]]:
    detail = {
        "alarmName": f"AleesSecretsProd-{name}",
        "configuration": {"description": alarm["AlarmDescription"]},
        "state": {"value": "ALARM", "reason": "no datapoints", "timestamp": at.isoformat()},
    }
    event = event_of("aws.cloudwatch", "CloudWatch Alarm State Change", detail)
    found = finding_in(event, watched()) if heard(event) else None
    if found is not None:
        yield at, found


@functools.cache
def _alarms() -> Mapping[str, Mapping[str, Any]]:
    """Return the alarms on silence by their ids, as the stack has them."""
    stack = EnvironmentStack(App(), "Silence", environment=prod(), region=REGION, description="A test's")
    functions = {name: lambda_.Function.from_function_name(stack, name, name) for name in ("alerting", "access_watch")}
    add_alarms(stack, Watchers(topic=sns.Topic(stack, "Alerts"), trail_log_group="/alees/trail", **functions))
    made = Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm")
    return {name: each["Properties"] for name, each in made.items() if "Silent" in name}
