"""When a secret's rotation windows open and close, from its RotationRules. Pure: times come in, times go out.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html and
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
"""

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from local_cloud.launcher.secretsmanager.answers import ApiError
from local_cloud.launcher.secretsmanager.cron import Cron

_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)
_HOURS_IN_DAY = 24
_FEWEST_HOURS = 4
_MOST_DAYS = 1000
_SEARCH_DAYS = 366 * 5
"""Long enough to find a 29th of February on a given weekday's field."""

_RATE = re.compile(r"rate\(([1-9]\d*) (hours?|days?)\)")
_CRON = re.compile(r"cron\((.+)\)")
_DURATION = re.compile(r"([1-9]|1\d|2[0-4])h")


@dataclass(frozen=True, slots=True)
class Window:
    """When Secrets Manager may start a rotation.

    Attributes:
        opens: Seconds since 1970.
        closes: Seconds since 1970; DescribeSecret's NextRotationDate.
    """

    opens: float
    closes: float


class Schedule(Protocol):
    """What RotationRules say."""

    def next_window(self, after: float) -> Window:
        """Return the first window after a rotation, or a change of the schedule, at *after* (seconds since 1970)."""


@dataclass(frozen=True, slots=True)
class _Rate:
    every: dt.timedelta
    duration: dt.timedelta | None

    def next_window(self, after: float) -> Window:
        moment = dt.datetime.fromtimestamp(after, dt.UTC)
        in_days = self.every >= _DAY
        # Windows open on the hour; those of a rate in days at midnight.
        rounded = moment.replace(minute=0, second=0, microsecond=0, hour=0 if in_days else moment.hour)
        return _window(rounded + self.every, self.duration or (None if in_days else _HOUR))


@dataclass(frozen=True, slots=True)
class _CronSchedule:
    cron: Cron
    duration: dt.timedelta | None

    def next_window(self, after: float) -> Window:
        moment = dt.datetime.fromtimestamp(after, dt.UTC)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        for days in range(_SEARCH_DAYS):
            day = midnight + days * _DAY
            for hour in self.cron.hours if self.cron.runs_on(day.date()) else ():
                opens = day + hour * _HOUR
                if opens > moment:
                    return _window(opens, self.duration or (_HOUR if len(self.cron.hours) > 1 else None))
        raise ApiError("InvalidParameterException", "The ScheduleExpression never comes due.")


def _window(opens: dt.datetime, duration: dt.timedelta | None) -> Window:
    end = opens.replace(hour=0) + _DAY if duration is None else opens + duration
    return Window(opens=opens.timestamp(), closes=(end - _SECOND).timestamp())


def parse_rules(rules: Mapping[str, object]) -> Schedule | None:
    """Return the schedule of RotationRules; None if they set none.

    Raises:
        ApiError: Secrets Manager would not accept them.
    """
    days, expression, duration = (
        rules.get(name) for name in ("AutomaticallyAfterDays", "ScheduleExpression", "Duration")
    )
    if days is not None and expression is not None:
        raise _invalid("You can't specify both AutomaticallyAfterDays and ScheduleExpression.")
    length = None if duration is None else _parse_duration(str(duration))
    if days is not None:
        if type(days) is not int or not 1 <= days <= _MOST_DAYS:
            raise _invalid(f"AutomaticallyAfterDays is {days}; allowed is 1 to {_MOST_DAYS}.")
        return _checked_rate(days * _DAY, length)
    return None if expression is None else _parse_expression(str(expression), length)


def _parse_duration(text: str) -> dt.timedelta:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise _invalid(f"Duration is {text!r}; allowed are 1h to 24h.")
    return int(found[1]) * _HOUR


def _parse_expression(text: str, duration: dt.timedelta | None) -> Schedule:
    if found := _RATE.fullmatch(text):
        return _checked_rate(int(found[1]) * (_HOUR if found[2].startswith("hour") else _DAY), duration)
    if found := _CRON.fullmatch(text):
        try:
            return _checked_cron(Cron.parse(found[1]), duration)
        except ValueError as error:
            problem = str(error)
        raise _invalid(f"ScheduleExpression is {text!r}: {problem}.")
    raise _invalid(f"ScheduleExpression is {text!r}; allowed are rate(Value Unit) and cron(...).")


def _checked_rate(every: dt.timedelta, duration: dt.timedelta | None) -> Schedule:
    if every < _FEWEST_HOURS * _HOUR:
        raise _invalid(f"A secret can be rotated at most every {_FEWEST_HOURS} hours.")
    if duration is not None and duration > min(every, _DAY):
        raise _invalid("Duration must not extend into the next rotation window or the next UTC day.")
    return _Rate(every, duration)


def _checked_cron(cron: Cron, duration: dt.timedelta | None) -> Schedule:
    hours = cron.hours
    gaps = [later - earlier for earlier, later in itertools.pairwise(hours)]
    if any(gap < _FEWEST_HOURS for gap in gaps):
        raise _invalid(f"A secret can be rotated at most every {_FEWEST_HOURS} hours.")
    longest = min([*gaps, _HOURS_IN_DAY - hours[-1]])
    if duration is not None and duration > longest * _HOUR:
        raise _invalid("Duration must not extend into the next rotation window or the next UTC day.")
    schedule = _CronSchedule(cron, duration)
    schedule.next_window(0.0)  # 30 February is found here, not when it would come due
    return schedule


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterException", message)
