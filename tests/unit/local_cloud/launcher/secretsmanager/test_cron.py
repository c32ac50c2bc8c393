import datetime as dt

import pytest

from local_cloud.launcher.secretsmanager.cron import Cron


@pytest.mark.parametrize(
    ("fields", "day", "runs"),
    [
        ("0 8 1 * ? *", "2026-11-01", True),
        ("0 8 1 * ? *", "2026-11-02", False),
        ("0 8 1,15 * ? *", "2026-11-15", True),
        ("0 8 10-12 * ? *", "2026-11-11", True),
        ("0 8 1/10 * ? *", "2026-11-21", True),
        ("0 8 L * ? *", "2026-02-28", True),
        ("0 8 L * ? *", "2028-02-28", False),
        ("0 8 1 JAN,JUL ? *", "2026-07-01", True),
        ("0 8 1 1/3 ? *", "2026-10-01", True),
        ("0 8 1 2 ? *", "2026-03-01", False),
        ("0 8 ? * MON-FRI *", "2026-11-23", True),
        ("0 8 ? * SUN *", "2026-11-22", True),
        ("0 8 ? * 1 *", "2026-11-22", True),
        ("0 8 ? * MON#1 *", "2026-11-02", True),
        ("0 8 ? * MON#1 *", "2026-11-09", False),
        ("0 8 ? * SUNL *", "2026-11-29", True),
        ("0 8 ? * SUNL *", "2026-11-22", False),
        ("0 8 ? * L *", "2026-11-28", True),
    ],
)
def test_day_is_told_when_the_fields_name_it(fields: str, day: str, *, runs: bool) -> None:
    assert Cron.parse(fields).runs_on(dt.date.fromisoformat(day)) is runs


def test_hours_are_ascending_when_they_are_given_in_any_order() -> None:
    assert Cron.parse("0 20,4/12 * * ? *").hours == (4, 16, 20)


@pytest.mark.parametrize(
    "fields",
    [
        "0 8 1 * ?",
        "5 8 1 * ? *",
        "0 8 1 * ? 2027",
        "0 8 1 * 2 *",
        "0 8 ? * ? *",
        "0 24 1 * ? *",
        "0 8 32 * ? *",
        "0 8 1 13 ? *",
        "0 8 1 * ? * ",
        "0 8 ? * 8 *",
        "0 8 ? * MON#6 *",
        "0 8, 1 * ? *",
        "0 8/0 1 * ? *",
        "0 eight 1 * ? *",
    ],
)
def test_expression_is_refused_when_secrets_manager_would(fields: str) -> None:
    if fields.endswith(" "):
        fields = fields + "extra"
    with pytest.raises(ValueError, match=r"fields|minutes|day-of-month|within"):
        Cron.parse(fields)
