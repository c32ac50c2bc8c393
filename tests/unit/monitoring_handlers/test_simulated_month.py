"""An ordinary month raises nothing; each of many attacks in it is told, and nothing else.

Precision and recall are over ATTACKS, in one month with all of them at random places, and so are the times. What no
watching of calls can tell from ordinary work is named too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest

from monitoring_handlers.findings import Finding
from tests.fakes import trail_records as trail
from tests.fakes.trail_records import Record, role
from tests.unit.monitoring_handlers.simulation.attacks import ATTACKS, Attack
from tests.unit.monitoring_handlers.simulation.detectors import run
from tests.unit.monitoring_handlers.simulation.ordinary import DAYS, START, OrdinaryMonth

SEED = 20261125


@dataclass(frozen=True)
class Placed:
    """An attack in the month."""

    attack: Attack
    at: datetime
    who: Record
    records: list[Record]

    @property
    def by(self) -> str:
        """Return how findings name who did it."""
        return str(self.who["arn"])

    def told(self, told: list[tuple[datetime, Finding]]) -> dict[str, datetime]:
        """Return when each of its alerts was told first."""
        times: dict[str, datetime] = {}
        for when, found in told:
            if found.by == self.by and found.alert in self.attack.alerts:
                times.setdefault(found.alert, when)
        return times


def _placed() -> Iterator[Placed]:
    random = Random(SEED)  # noqa: S311 - a simulation
    for number, attack in enumerate(ATTACKS):
        at = START + timedelta(minutes=random.randrange((attack.after_days + 1) * 1440, (DAYS - 2) * 1440))
        who = attack.who(f"somebody-{number}")
        yield Placed(attack, at, who, attack.records(at, who))


@pytest.fixture(scope="module")
def ordinary() -> list[Record]:
    return OrdinaryMonth(SEED).records()


@pytest.fixture(scope="module")
def placed() -> list[Placed]:
    return list(_placed())


@pytest.fixture(scope="module")
def told(ordinary: list[Record], placed: list[Placed]) -> list[tuple[datetime, Finding]]:
    """What is told of the month with all attacks."""
    return run([*ordinary, *(each for attack in placed for each in attack.records)], SEED)


def test_nothing_is_told_of_an_ordinary_month(ordinary: list[Record]) -> None:
    assert len(ordinary) > 50_000
    assert run(ordinary, SEED) == []


def test_at_least_fifteen_attacks_are_tried() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 15


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[attack.name for attack in ATTACKS])
def test_an_attack_is_told_within_its_time(
    placed: list[Placed], told: list[tuple[datetime, Finding]], number: int
) -> None:
    one = placed[number]
    times = one.told(told)
    assert set(times) == set(one.attack.alerts)
    assert max(times.values()) - one.at <= timedelta(minutes=one.attack.minutes)


def test_precision_and_recall_are_one(placed: list[Placed], told: list[tuple[datetime, Finding]]) -> None:
    wanted = {(each.by, alert) for each in placed for alert in each.attack.alerts}
    found = {(each.by, each.alert) for _, each in told}
    assert len(found & wanted) / len(found) == 1.0  # precision
    assert len(found & wanted) / len(wanted) == 1.0  # recall


def test_what_an_instance_reads_as_always_is_not_told_from_who_took_it_over(ordinary: list[Record]) -> None:
    """A single read of what the role always reads, from where it always does, is an ordinary read."""
    day = [each for each in ordinary if each["eventTime"].startswith("2026-11-20")]
    stolen = role("alees-prod-application", "i-0a1b2c3d4e5f600")
    assert run([*day, trail.read(stolen, "database/credentials", START + timedelta(days=19, hours=3))], SEED) == []
