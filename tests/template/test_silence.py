"""What watches is watched itself, and the dashboard shows it all."""

import json
from typing import Any
from unittest.mock import ANY

import pytest

from config.environments import declared
from tests.template.reading import Template, one, only, plain, resources, statements

TRAIL = "/alees/trail"
ENVIRONMENT = [{"Name": "environment", "Value": "prod"}]


def _alarms(template: Template) -> dict[str, dict[str, Any]]:
    """Return the alarms by the id of their alert."""
    found = [each["Properties"] for each in resources(template, "AWS::CloudWatch::Alarm").values()]
    return {each["AlarmDescription"].partition(": ")[0]: plain(each) for each in found if "AlarmDescription" in each}


@pytest.mark.parametrize(
    ("alert", "metric", "hours"),
    [
        ("health-silent", ("AleesSecrets", "HealthRuns", ENVIRONMENT), 3),
        ("watch-silent", ("AleesSecrets", "WatchedRecords", ENVIRONMENT), 3),
        ("alerting-silent", ("AWS/Lambda", "Invocations", ANY), 3),
        ("trail-silent", ("AWS/Logs", "IncomingLogEvents", [{"Name": "LogGroupName", "Value": TRAIL}]), 2),
    ],
)
def test_silence_of_hours_is_an_alarm(
    prod: Template, alert: str, metric: tuple[str, str, list[dict[str, str]]], hours: int
) -> None:
    alarm = _alarms(prod)[alert]

    assert (alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"]) == metric
    assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Statistic"]) == (3600, hours, "Sum")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert alarm["TreatMissingData"] == "breaching"


@pytest.mark.parametrize(
    ("alert", "metric", "of"),
    [
        ("watch-failing", ("AWS/Lambda", "Errors", "FunctionName"), "<AccessWatch"),
        ("alerting-failing", ("AWS/Lambda", "Errors", "FunctionName"), "<Alerting"),
        ("delivery-failing", ("AWS/SNS", "NumberOfNotificationsFailed", "TopicName"), "<AlertsTopic"),
    ],
)
def test_one_failure_in_five_minutes_is_an_alarm(
    prod: Template, alert: str, metric: tuple[str, str, str], of: str
) -> None:
    alarm = _alarms(prod)[alert]
    (dimension,) = alarm["Dimensions"]

    assert (alarm["Namespace"], alarm["MetricName"], dimension["Name"]) == metric
    assert dimension["Value"].startswith(of)
    assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Statistic"]) == (300, 1, "Sum")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_every_alarm_tells_the_topic_when_it_begins_and_silence_when_it_ends(prod: Template) -> None:
    topic = one(prod, "AWS::SNS::Topic", "Alerts")
    alarms = _alarms(prod)
    unusual = alarms.pop("reads-unusual")  # of what is watched, and not of what watches: the alerting function tells it

    assert unusual.get("AlarmActions") is None
    assert len(alarms) == 7
    for alert, alarm in alarms.items():
        assert alarm["AlarmActions"] == [f"<{topic}>"]
        # What tells that a failure has ended would fail again at a broken subscriber, and ring without end.
        assert alarm.get("OKActions") == ([f"<{topic}>"] if alert.endswith("-silent") else None)


def test_alarms_of_this_account_and_region_alone_may_publish(prod: Template) -> None:
    (statement,) = (each for _, each in statements(prod) if each.get("Sid") == "AlarmsPublishDirectly")

    assert (statement["Effect"], statement["Action"]) == ("Allow", "sns:Publish")
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*"},
    }


def _widgets(template: Template) -> list[dict[str, Any]]:
    body = json.loads(plain(only(template, "AWS::CloudWatch::Dashboard")["DashboardBody"]))
    widgets: list[dict[str, Any]] = body["widgets"]
    return widgets


def _on_dashboard(template: Template) -> set[str]:
    """Return the alarms that the dashboard shows; none without a dashboard."""
    if not resources(template, "AWS::CloudWatch::Dashboard"):
        return set()
    (status,) = (each["properties"] for each in _widgets(template) if each["type"] == "alarm")
    return set(status["alarms"])


def _all_alarms(template: Template) -> set[str]:
    return {f"<{name}.Arn>" for name in resources(template, "AWS::CloudWatch::Alarm")}


@pytest.mark.parametrize("environment", [*(each.name for each in declared()), "Local"])
def test_every_alarm_of_an_environment_is_on_its_dashboard(templates: dict[str, Template], environment: str) -> None:
    template = templates[f"AleesSecrets{environment}"]

    assert len(_all_alarms(template)) == 8
    assert _on_dashboard(template) == _all_alarms(template)


def test_the_dashboard_is_in_the_customers_order_and_says_what_to_run(prod: Template) -> None:
    texts = [each["properties"]["markdown"] for each in _widgets(prod) if each["type"] == "text"]

    assert [text.splitlines()[0].lstrip("# ") for text in texts] == [
        "Secrets of Prod",
        "Secret access",
        "Rotation status",
        "Secret health",
    ]
    assert all("./alees-secrets " in text for text in texts)


def test_usage_and_refusals_are_read_where_the_trail_is(prod: Template) -> None:
    tables = {each["properties"]["title"]: each["properties"] for each in _widgets(prod) if each["type"] == "log"}

    assert {name for name, each in tables.items() if f"SOURCE '{TRAIL}'" in each["query"]} == {
        "Usage by secret",
        "Refused: who, what, how often",
        "Success and failure by secret",
        "Lifecycle: who made, changed, rotated or deleted what",
    }
    assert {each["region"] for each in tables.values() if TRAIL in each["query"]} == {"eu-central-1"}
    assert all("alees/prod/" in each["query"] for each in tables.values() if TRAIL in each["query"])
