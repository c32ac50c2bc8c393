"""What is told of secrets, and counted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from string import Formatter

import pytest

from alees_secrets.health import Observation, State
from monitoring_handlers.alerting.texts.health import HEALTH
from monitoring_handlers.findings import Fact
from monitoring_handlers.health import secrets_found
from monitoring_handlers.health.secrets_found import counts, durations, find
from tests.unit.alees_secrets.test_health import DAY, GOOD, MOMENT, NEW, NOW, TODAY
from tests.unit.alees_secrets.test_observing import DECLARED

BAD: dict[str, tuple[Observation | None, Mapping[str, Fact]]] = {
    "secret-missing": (None, {"state": "missing"}),
    "rotation-stuck": (replace(GOOD, pending_since=NOW - timedelta(minutes=90)), {"minutes": 90}),
    "rotation-overdue": (replace(GOOD, next_rotation=NOW - 3 * DAY), {"days": 3, "due": "2026-01-28"}),
    "rotation-still-off": (replace(GOOD, rotation_enabled=False), {}),
    "not-initialised": (replace(NEW, created=NOW - 2 * DAY), {"days": 2}),
    "replica-out-of-sync": (replace(GOOD, replicas=(("eu-west-1", "Failed"),)), {"regions": "eu-west-1"}),
    "secret-expiring": (replace(GOOD, expires=TODAY + 20 * DAY), {"ends": "2026-02-20", "left": "19 days are left"}),
    "secret-expiring-soon": (replace(GOOD, expires=TODAY + 2 * DAY), {"ends": "2026-02-02", "left": "1 day is left"}),
    "secret-ending": (replace(GOOD, expires=TODAY + DAY), {"ends": "2026-02-01", "left": "less than a day is left"}),
    "expiry-unreadable": (replace(GOOD, expiry_readable=False), {}),
    "secret-untagged": (replace(GOOD, tagged=False), {}),
    "secret-unmanaged": (replace(GOOD, declared=False), {}),
    "secret-unused": (replace(GOOD, last_read=TODAY - 100 * DAY), {"last_read": "2025-10-23"}),
}


@pytest.mark.parametrize("alert", BAD)
def test_one_thing_that_is_wrong_is_one_finding(alert: str) -> None:
    observation, facts = BAD[alert]

    (found,) = find(DECLARED, [("jwt/credentials", observation)], NOW)

    assert (found.alert, found.about, found.facts) == (alert, "alees/prod/jwt/credentials", facts)
    assert (found.environment, found.at, found.by) == ("prod", NOW, "-")


def test_a_value_that_has_ended_and_a_secret_that_is_being_deleted_are_told() -> None:
    ended, deleted = replace(GOOD, expires=TODAY), replace(GOOD, deleted=NOW)

    found = list(find(DECLARED, [("a/b", ended), ("c/d", deleted)], NOW))

    assert [(each.alert, dict(each.facts)) for each in found] == [
        ("secret-ending", {"ends": "2026-01-31", "left": "it has ended"}),
        ("secret-missing", {"state": "being deleted"}),
    ]


def test_nothing_is_told_of_secrets_that_are_well_new_or_rotating() -> None:
    fine = [GOOD, replace(GOOD, pending_since=NOW), replace(NEW, created=NOW - timedelta(hours=1))]

    assert list(find(DECLARED, [("a/b", each) for each in fine], NOW)) == []


def test_every_state_but_the_good_ones_has_an_alert() -> None:
    told = {*secrets_found._ALERTS, State.EXPIRING}

    assert set(State) - told == {State.OK, State.ROTATING}


def test_every_finding_has_a_text_whose_words_it_knows() -> None:
    texts = {text.id: text for text in HEALTH}

    assert set(BAD) == set(texts)
    for alert, text in texts.items():
        words = {"about", "by", "at", "path", "environment", *BAD[alert][1]}
        for part in (text.subject, text.happened, text.means, *text.commands):
            assert {name for _, name, _, _ in Formatter().parse(part) if name} <= words, alert


def test_what_is_unhealthy_overdue_and_stuck_is_counted() -> None:
    observed = [("a/b", GOOD), *((alert, observation) for alert, (observation, _) in BAD.items())]

    assert counts(observed, NOW) == {
        "HealthRuns": 1,
        "SecretsUnhealthy": len(BAD),
        "OldestDaysOverdue": 3,
        "RotationsSucceeded": 0,
        "RotationsStuck": 1,
    }
    assert counts([], NOW)["OldestDaysOverdue"] == 0


@pytest.mark.parametrize(
    ("ago", "counted"), [(-MOMENT, 0), (timedelta(0), 1), (timedelta(minutes=59), 1), (timedelta(hours=1), 0)]
)
def test_each_rotation_is_counted_in_one_hour_alone(ago: timedelta, counted: int) -> None:
    rotated = replace(GOOD, last_rotated=NOW - ago, rotated_in=timedelta(seconds=4.24))

    assert counts([("a/b", rotated)], NOW)["RotationsSucceeded"] == counted
    assert durations([("a/b", rotated)], NOW) == ({"a/b": 4.2} if counted else {})
