"""An ordinary month raises nothing; each of many attacks and faults in it is told, and nothing else.

Precision and recall are over ATTACKS and FAULTS and a silent trail and health, in one month with all of them at random
places, and so are the times. What no watching of calls can tell from ordinary work is named too. Run with ``-s`` to
read the counts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest

from monitoring_handlers.findings import Finding
from tests.fakes import trail_records as trail
from tests.fakes.trail_records import Record, role
from tests.unit.monitoring_handlers.simulation.attacks import ATTACKS, EVER_NEW, TRIES, Attack
from tests.unit.monitoring_handlers.simulation.detectors import run
from tests.unit.monitoring_handlers.simulation.faults import FAULTS
from tests.unit.monitoring_handlers.simulation.hourly import PlacedFault, look_times, looks
from tests.unit.monitoring_handlers.simulation.messages import messages
from tests.unit.monitoring_handlers.simulation.ordinary import DAYS, START, OrdinaryMonth
from tests.unit.monitoring_handlers.simulation.silence import silence

SEED = 20261125
Times = tuple[datetime, datetime]
Told = list[tuple[datetime, Finding]]

_STOPPED: Times = (START + timedelta(days=28, hours=13), START + timedelta(days=28, hours=18))
_UNHEALTHY: Times = (START + timedelta(days=29), START + timedelta(days=29, hours=6))
"""When the trail and health are silent: after all else, since nothing is seen then."""

SILENCES = {"trail-silent": (_STOPPED, 180), "watch-silent": (_STOPPED, 240), "health-silent": (_UNHEALTHY, 240)}
SILENCES["alerting-silent"] = SILENCES["health-silent"]  # nothing reaches it then
"""Alert to when it begins, and within how many minutes it is told: the hours of its alarm and the one begun."""


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


def _whose(found: Finding) -> tuple[str, str]:
    """Return whom or what a finding is laid to, and its alert; an alarm on silence is its own."""
    if found.alert in SILENCES:
        return "", found.alert
    return (found.about if found.by == "-" else found.by.partition("=")[0]), found.alert


def _placed() -> Iterator[Placed]:
    random = Random(SEED)  # noqa: S311 - a simulation
    for number, attack in enumerate(ATTACKS):
        at = START + timedelta(minutes=random.randrange((attack.after_days + 1) * 1440, (DAYS - 2) * 1440))
        who = attack.who(f"somebody-{number}")
        yield Placed(attack, at, who, attack.records(at, who))


def _show(figures: str) -> None:
    print(figures)  # noqa: T201 - a figure


def _placed_faults() -> list[PlacedFault]:
    """Place each fault where nothing else is wrong with its secret, so that no state hides another."""
    random, placed = Random(SEED), list[PlacedFault]()  # noqa: S311 - a simulation
    for fault in FAULTS:
        while True:
            one = PlacedFault(fault, START + timedelta(minutes=random.randrange(1440, (DAYS - 5) * 1440)))
            others = [each for each in placed if each.fault.about == fault.about]
            if all(abs(each.at - one.at) > timedelta(days=4) for each in others):
                break
        placed.append(one)
    return placed


def _watch(
    records: Sequence[Record],
    faults: Sequence[PlacedFault] = (),
    *,
    stopped: Times | None = None,
    unhealthy: Times | None = None,
) -> Told:
    """Return all that is told of a month: of its calls, by its hourly looks, and by the alarms on silence."""
    told, counts = run(records, SEED, stopped=stopped)
    times = look_times(unhealthy)
    for metric in ("HealthRuns", "Invocations"):  # each look ends with an event for alerting
        counts = Counter({**counts, **{(metric, (each - START) // timedelta(hours=1)): 1 for each in times}})
    return [*told, *looks(faults, times), *silence(counts, START, DAYS * 24)]


@pytest.fixture(scope="module")
def ordinary() -> list[Record]:
    return OrdinaryMonth(SEED).records()


@pytest.fixture(scope="module")
def placed() -> list[Placed]:
    return list(_placed())


@pytest.fixture(scope="module")
def faults() -> list[PlacedFault]:
    return _placed_faults()


@pytest.fixture(scope="module")
def told(ordinary: list[Record], placed: list[Placed], faults: list[PlacedFault]) -> Told:
    """What is told of the month with all attacks and faults."""
    attacks = [each for attack in placed for each in attack.records]
    broken = [each for fault in faults for each in fault.fault.records(fault.at)]
    return _watch([*ordinary, *attacks, *broken], faults, stopped=_STOPPED, unhealthy=_UNHEALTHY)


@pytest.fixture(scope="module")
def first(told: Told) -> dict[tuple[str, str], datetime]:
    """When each thing was told first."""
    times: dict[tuple[str, str], datetime] = {}
    for when, found in sorted(told, key=lambda each: each[0]):
        times.setdefault(_whose(found), when)
    return times


def test_nothing_is_told_of_an_ordinary_month(ordinary: list[Record]) -> None:
    assert len(ordinary) > 50_000
    told = _watch(ordinary)
    _show(f"ordinary month: {len(ordinary)} records, {len(told)} told")
    assert told == []


def test_at_least_fifteen_attacks_and_ten_faults_are_tried() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 15
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 10


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[attack.name for attack in ATTACKS])
def test_an_attack_is_told_within_its_time(
    placed: list[Placed], first: dict[tuple[str, str], datetime], number: int
) -> None:
    one = placed[number]
    times = [first[one.by, alert] for alert in one.attack.alerts]
    assert max(times) - one.at <= timedelta(minutes=one.attack.minutes)


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=[fault.name for fault in FAULTS])
def test_a_fault_is_told_within_its_time(
    faults: list[PlacedFault], first: dict[tuple[str, str], datetime], number: int
) -> None:
    one = faults[number]
    late = first[one.fault.about, one.fault.alert] - one.at
    assert timedelta() <= late <= timedelta(minutes=one.fault.minutes)


@pytest.mark.parametrize("alert", SILENCES)
def test_silence_is_told_within_its_time(first: dict[tuple[str, str], datetime], alert: str) -> None:
    (begins, _), minutes = SILENCES[alert]
    assert timedelta() <= first["", alert] - begins <= timedelta(minutes=minutes)


def test_precision_and_recall_are_one(
    ordinary: list[Record], placed: list[Placed], faults: list[PlacedFault], told: Told
) -> None:
    wanted = {(each.by, alert) for each in placed for alert in each.attack.alerts}
    wanted |= {(each.fault.about, each.fault.alert) for each in faults} | {("", alert) for alert in SILENCES}
    found = {_whose(each) for _, each in told}
    precision, recall = len(found & wanted) / len(found), len(found & wanted) / len(wanted)
    _show(f"{len(ordinary)} ordinary records; {len(ATTACKS)} attacks, {len(FAULTS)} faults, {len(SILENCES)} silences")
    _show(f"{len(wanted)} alerts wanted, {len(found)} told: precision {precision:.3f}, recall {recall:.3f}")
    assert (found - wanted, wanted - found) == (set(), set())
    assert (precision, recall) == (1.0, 1.0)


def test_people_get_few_messages_of_what_is_told_often(told: Told) -> None:
    sent = messages(told)
    _show(f"{len(told)} findings, {len(sent)} messages")
    kinds = len({(each.alert, each.about) for _, each in told})
    assert kinds <= len(sent) <= 2 * len({(each.alert, each.about, each.by) for _, each in told})
    assert len(sent) < len(told)


def test_people_get_few_messages_of_a_role_whose_sessions_have_ever_new_names(placed: list[Placed], told: Told) -> None:
    (one,) = (each for each in placed if each.attack.name == EVER_NEW)
    findings = [each for each in told if _whose(each[1]) == (one.by, "read-denied")]
    assert len(findings) == TRIES
    assert len(messages(findings)) == 1


def test_what_an_instance_reads_as_always_is_not_told_from_who_took_it_over(ordinary: list[Record]) -> None:
    """A single read of what the role always reads, from where it always does, is an ordinary read."""
    day = [each for each in ordinary if each["eventTime"].startswith("2026-11-20")]
    stolen = role("alees-prod-application", "i-0a1b2c3d4e5f600")
    assert run([*day, trail.read(stolen, "database/credentials", START + timedelta(days=19, hours=3))], SEED)[0] == []
