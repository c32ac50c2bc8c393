"""The days and hours of a cron() schedule.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Self

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), start=1)}
_FIELDS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Cron:
    """The parsed fields of ``cron(Minutes Hours Day-of-month Month Day-of-week Year)``.

    Attributes:
        hours: Hours of the day (UTC) at which a window opens, ascending.
        months: Months of the year.
        days_of_month: Parts of the day-of-month field; empty when it is ``?``.
        days_of_week: Parts of the day-of-week field, 1 is Sunday; empty when it is ``?``.
    """

    hours: tuple[int, ...]
    months: frozenset[int]
    days_of_month: tuple[str, ...]
    days_of_week: tuple[str, ...]

    @classmethod
    def parse(cls, fields_text: str) -> Self:
        """Return the schedule that stands between the parentheses of a cron() expression.

        Raises:
            ValueError: It is not one that Secrets Manager accepts; the message says why.
        """
        fields = fields_text.split()
        if len(fields) != _FIELDS:
            raise ValueError(f"it has {len(fields)} fields; allowed are {_FIELDS}")
        minutes, hours, days, months, weekdays, year = fields
        if (minutes, year) != ("0", "*"):
            raise ValueError("the minutes must be 0 and the year must be *")
        if (days == "?") == (weekdays == "?"):
            raise ValueError("exactly one of day-of-month and day-of-week must be ?")
        cron = cls(
            hours=tuple(sorted(_numbers(hours, 0, 23, {}))),
            months=_numbers(months, 1, 12, _MONTHS),
            days_of_month=() if days == "?" else tuple(days.split(",")),
            days_of_week=() if weekdays == "?" else tuple(weekdays.split(",")),
        )
        cron.runs_on(dt.date(2024, 1, 1))  # a wrong part is found here, not when it comes due
        return cron

    def runs_on(self, day: dt.date) -> bool:
        """Tell whether windows open on this day."""
        if self.days_of_week:
            matches = [_matches_weekday(part, day) for part in self.days_of_week]
        else:
            matches = [_matches_day(part, day) for part in self.days_of_month]
        return any(matches) and day.month in self.months


def _matches_day(part: str, day: dt.date) -> bool:
    if part == "L":
        return day.day == calendar.monthrange(day.year, day.month)[1]
    return day.day in _numbers(part, 1, 31, {})


def _matches_weekday(part: str, day: dt.date) -> bool:
    weekday = day.isoweekday() % 7 + 1
    if part == "L":
        return weekday == _WEEKDAYS["SAT"]
    if part.endswith("L"):
        last_seven = day.day + 7 > calendar.monthrange(day.year, day.month)[1]
        return weekday in _numbers(part[:-1], 1, 7, _WEEKDAYS) and last_seven
    name, _, week = part.partition("#")
    weeks = _numbers(week, 1, 5, {}) if week else {(day.day - 1) // 7 + 1}
    return weekday in _numbers(name, 1, 7, _WEEKDAYS) and (day.day - 1) // 7 + 1 in weeks


def _numbers(field: str, lowest: int, highest: int, names: dict[str, int]) -> frozenset[int]:
    """Return the numbers that a field of ``,`` ``-`` ``*`` ``/`` stands for."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        try:
            start = lowest if first == "*" else names.get(first) or int(first)
            end = (highest if first == "*" or step else start) if not last else names.get(last) or int(last)
            every = int(step) if step else 1
        except ValueError:
            start, end, every = -1, -1, 1
        if every < 1 or not lowest <= start <= end <= highest:
            raise ValueError(f"{part!r} is not within {lowest} and {highest}")
        found.update(range(start, end + 1, every))
    return frozenset(found)
