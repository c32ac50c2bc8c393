"""A sample of the points, and all that ever failed. ``make rehearsal`` does every one."""

from pathlib import Path

import pytest

from tests.fakes.postgres import Server
from tests.rehearsal.__main__ import main
from tests.rehearsal.company import all_points, rehearse, sample
from tests.rehearsal.kinds import KINDS
from tests.rehearsal.points import Point, Scenario

SAMPLE = 300
SEED = 4

pytestmark = pytest.mark.servers


def failed_points() -> list[Point]:
    """Return the points of failed_points.txt."""
    lines = (Path(__file__).parent / "failed_points.txt").read_text(encoding="utf-8").splitlines()
    return [Point.parse(line) for line in lines if line and not line.startswith("#")]


def test_every_sampled_point_holds_when_functions_die_or_are_overtaken(server: Server) -> None:
    points = {*sample(all_points(KINDS, server), SAMPLE, SEED), *failed_points()}

    outcomes = rehearse(points, KINDS, server)

    assert {str(point): outcome.problem for point, outcome in outcomes.items() if outcome.problem is not None} == {}
    assert outcomes.keys() == points
    assert {(point.kind, point.scenario) for point in points} == {(kind, each) for kind in KINDS for each in Scenario}


@pytest.mark.parametrize(
    ("point", "exit_code", "told"),
    [
        ("jwt/steady/finishSecret/DescribeSecret#1/after/interleaved", 0, "100.0"),
        ("jwt/steady/setSecret/ALTER-ROLE#1/after/interleaved", 1, "makes no call setSecret/ALTER-ROLE#1/after"),
    ],
)
def test_the_command_fails_when_a_point_does(
    capsys: pytest.CaptureFixture[str], point: str, exit_code: int, told: str
) -> None:
    assert main(["--point", point]) == exit_code
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_the_command_refuses_a_sample_when_it_would_have_no_points(
    capsys: pytest.CaptureFixture[str], number: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([f"--sample={number}"])

    assert f"N is '{number}'; allowed is a number of points from 1 on" in " ".join(capsys.readouterr().err.split())


def test_the_command_refuses_a_point_when_its_kind_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--point", "unknown/steady/setSecret/twice"])

    assert "kind is 'unknown'; allowed are database, single-login, jwt, api-internal, api-http, email-ses" in " ".join(
        capsys.readouterr().err.split()
    )


def test_the_command_refuses_a_kind_when_a_point_is_another_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--kind=jwt", "--point", "database/steady/setSecret/twice"])

    assert "--kind is jwt, and --point names database; leave --kind out" in " ".join(capsys.readouterr().err.split())
