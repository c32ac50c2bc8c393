import datetime as dt

import pytest

from local_cloud.launcher.secretsmanager.answers import ApiError
from local_cloud.launcher.secretsmanager.schedule import parse_rules


def _seconds(text: str) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()


def _text(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("rules", "opens", "closes"),
    [
        ({"ScheduleExpression": "rate(10 days)"}, "2026-12-03 00:00:00", "2026-12-03 23:59:59"),
        ({"ScheduleExpression": "rate(1 day)", "Duration": "3h"}, "2026-11-24 00:00:00", "2026-11-24 02:59:59"),
        ({"ScheduleExpression": "rate(4 hours)"}, "2026-11-23 14:00:00", "2026-11-23 14:59:59"),
        ({"ScheduleExpression": "rate(6 hours)", "Duration": "2h"}, "2026-11-23 16:00:00", "2026-11-23 17:59:59"),
        ({"AutomaticallyAfterDays": 30}, "2026-12-23 00:00:00", "2026-12-23 23:59:59"),
        ({"ScheduleExpression": "cron(0 8 1 * ? *)"}, "2026-12-01 08:00:00", "2026-12-01 23:59:59"),
        ({"ScheduleExpression": "cron(0 2/8 * * ? *)"}, "2026-11-23 18:00:00", "2026-11-23 18:59:59"),
        (
            {"ScheduleExpression": "cron(0 16 ? * SUN *)", "Duration": "4h"},
            "2026-11-29 16:00:00",
            "2026-11-29 19:59:59",
        ),
        ({"ScheduleExpression": "cron(0 10 23 11 ? *)"}, "2027-11-23 10:00:00", "2027-11-23 23:59:59"),
    ],
)
def test_window_is_the_next_when_a_secret_rotated_on_a_monday_morning(
    rules: dict[str, object], opens: str, closes: str
) -> None:
    schedule = parse_rules(rules)
    assert schedule is not None
    window = schedule.next_window(_seconds("2026-11-23 10:15:00"))
    assert (_text(window.opens), _text(window.closes)) == (opens, closes)


def test_no_schedule_is_set_when_the_rules_are_empty() -> None:
    assert parse_rules({}) is None


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({"AutomaticallyAfterDays": 1, "ScheduleExpression": "rate(1 day)"}, "both"),
        ({"AutomaticallyAfterDays": 0}, "1 to 1000"),
        ({"AutomaticallyAfterDays": 1001}, "1 to 1000"),
        ({"ScheduleExpression": "rate(3 hours)"}, "every 4 hours"),
        ({"ScheduleExpression": "rate(0 days)"}, "allowed are"),
        ({"ScheduleExpression": "rate(5 minutes)"}, "allowed are"),
        ({"ScheduleExpression": "every day"}, "allowed are"),
        ({"ScheduleExpression": "cron(0 8/2 * * ? *)"}, "every 4 hours"),
        ({"ScheduleExpression": "cron(0 8 * * * *)"}, "exactly one"),
        ({"ScheduleExpression": "cron(0 8 30 2 ? *)"}, "never comes due"),
        ({"ScheduleExpression": "rate(1 day)", "Duration": "25h"}, "1h to 24h"),
        ({"ScheduleExpression": "rate(1 day)", "Duration": "90m"}, "1h to 24h"),
        ({"ScheduleExpression": "rate(4 hours)", "Duration": "5h"}, "next rotation window"),
        ({"ScheduleExpression": "cron(0 22 * * ? *)", "Duration": "3h"}, "next UTC day"),
        ({"ScheduleExpression": "cron(0 0/6 * * ? *)", "Duration": "7h"}, "next rotation window"),
    ],
)
def test_rules_are_refused_when_secrets_manager_would(rules: dict[str, object], why: str) -> None:
    with pytest.raises(ApiError, match=why) as refused:
        parse_rules(rules)
    assert refused.value.code == "InvalidParameterException"
