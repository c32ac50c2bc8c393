"""The commands that only look."""

import json

import pytest
from typer.testing import CliRunner

from operations.commands import app
from operations.target import Target


@pytest.mark.usefixtures("secret")
def test_everything_is_told_to_machines(target: Target) -> None:
    done = CliRunner().invoke(app, ["status", "--json"], obj=lambda _: target)

    told = json.loads(done.stdout)
    database, jwt, _ = told["secrets"]
    assert (done.exit_code, told["environment"]) == (0, "Dev")
    assert told["watching"] == {"alarms": 0, "raised": [], "subscribers": 0, "pending": [], "unseen": []}
    assert jwt == {"path": "jwt/credentials", "kind": "jwt", "state": "missing", "states": ["missing"]}
    assert (database["state"], database["states"]) == ("rotation off", ["rotation off", "not initialised"])
    assert (database["age_days"], database["days_overdue"], database["next_rotation"]) == (0, 0, None)
    assert database["replicas"] == {"eu-west-1": "InSync"}


@pytest.mark.usefixtures("secret")
def test_people_read_a_table_and_a_line_for_each_list(target: Target) -> None:
    done = CliRunner().invoke(app, ["status"], obj=lambda _: target, env={"COLUMNS": "100"})

    assert done.exit_code == 0
    assert "Secrets of Dev" in done.stdout
    lines = [line.split()[0] for line in done.stdout.splitlines() if line[:1].isalpha()]
    assert lines == ["Secrets", "Access", "Rotation", "Health", "Alarms", "Alerts"]
