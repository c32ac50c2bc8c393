"""How the status of an environment reads."""

from dataclasses import replace
from datetime import timedelta

from rich.console import Console

from alees_secrets.health import Observation, judge
from operations.observe import SecretStatus
from operations.status_text import status_table, watching_lines
from operations.watched import RaisedAlarm, Watched
from tests.unit.alees_secrets.test_health import GOOD, NOW

CALM = Watched(alarms=9, raised=(), subscribers=2, pending=(), unseen=())


def _status(path: str, observation: Observation | None) -> SecretStatus:
    return SecretStatus(path, "api", judge(observation, NOW), observation)


OVERDUE = replace(GOOD, next_rotation=NOW - timedelta(days=3), tagged=False)


def test_the_table_has_every_state_and_fits_100_columns() -> None:
    console = Console(width=100, record=True)
    many = replace(
        OVERDUE, expires=NOW + timedelta(days=5), replicas=(("eu-west-1", "Failed"),), last_read=None, declared=False
    )
    path = f"api/{'a' * 32}/key"
    console.print(status_table("Secrets of Prod", [_status(path, many), _status("jwt/credentials", None)], NOW))

    text = console.export_text()
    assert path in text
    words = " ".join(text.replace("│", " ").split())
    for word in ("Secrets of Prod", "Value made", "Next due", "3 days ago", "never", "missing"):
        assert word in words
    # Cells wrap, so single words are looked for.
    for word in ("overdue", "(3", "expiring", "unmanaged", "untagged", "unused", "(eu-west-1)"):
        assert word in words


def test_access_rotation_and_health_come_in_this_order_when_all_is_well() -> None:
    lines = watching_lines([_status("jwt/credentials", GOOD)], CALM, NOW)

    assert lines == [
        ("Access", "every secret was read within 90 days, if only by its rotation"),
        ("Rotation", "all on time; next: jwt/credentials in 27 days"),
        ("Health", "nothing missing, expiring, unmanaged or out of sync"),
        ("Alarms", "none of 9 is raised"),
        ("Alerts", "reach 2 subscribers"),
    ]


def test_each_list_names_what_is_wrong() -> None:
    unused = replace(GOOD, last_read=None)
    ending = replace(GOOD, expires=NOW - timedelta(days=2))
    statuses = [_status("a/b", OVERDUE), _status("c/d", unused), _status("e/f", ending), _status("g/h", None)]

    lines = dict(watching_lines(statuses, CALM, NOW))

    assert lines["Access"] == "c/d unused"
    assert lines["Rotation"] == "a/b overdue (3 days); next: c/d in 27 days"
    assert lines["Health"] == "g/h missing; e/f expired (2 days ago); a/b untagged"


def test_it_is_said_when_no_rotation_is_planned() -> None:
    lines = dict(watching_lines([_status("a/b", replace(GOOD, next_rotation=None))], CALM, NOW))

    assert lines["Rotation"] == "all on time; none is planned"


def test_raised_alarms_and_those_who_have_not_confirmed_are_named() -> None:
    alarm = RaisedAlarm("AleesSecretsProd-Health", "health-silent", NOW - timedelta(hours=2))
    lines = dict(watching_lines([], replace(CALM, raised=(alarm,), subscribers=0, pending=("ops@alees.example",)), NOW))

    assert lines["Alarms"] == "health-silent since 2 hours ago: AleesSecretsProd-Health"
    assert lines["Alerts"] == "reach nobody; not confirmed: ops@alees.example"


def test_it_is_said_what_cannot_be_seen() -> None:
    unseen = ("alarms: DescribeAlarms answered AccessDenied", "subscriptions: ListTopics answered AccessDenied")
    blind = Watched(alarms=None, raised=(), subscribers=None, pending=(), unseen=unseen)

    lines = dict(watching_lines([], blind, NOW))

    assert lines["Alarms"] == "cannot be seen: DescribeAlarms answered AccessDenied"
    assert lines["Alerts"] == "cannot be seen: ListTopics answered AccessDenied"
