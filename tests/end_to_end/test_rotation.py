"""From a deployment to rotated credentials, with the real CDK CLI, the local AWS and a real PostgreSQL."""

import json
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.end_to_end.conftest import Deployment, deploy, stack_ids, unchanged_stacks

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).parents[2]

ROTATE = ("rotate", "database/credentials", "--reason", "a test", "--yes")


def _command(deployed: Deployment, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(PROJECT / "alees-secrets"), "--local-state", str(deployed.cloud.state.root.parent), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_stored_value_logs_in_over_tls_when_local_is_deployed(deployed: Deployment) -> None:
    with deployed.login(deployed.value()) as connection:
        row = connection.execute("SELECT current_user").fetchone()
        assert connection.pgconn.ssl_in_use

    assert row == ("alees_local_owner",)


def test_the_login_is_refused_when_the_stored_value_is_corrupted(deployed: Deployment) -> None:
    fields = deployed.value()

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        deployed.login(fields | {"password": fields["password"][::-1]})


def test_another_login_is_current_and_the_one_before_still_works_when_the_command_rotates(deployed: Deployment) -> None:
    before = deployed.value()

    done = _command(deployed, *ROTATE)

    assert done.returncode == 0, done.stderr
    assert "database/credentials: rotated in" in done.stdout
    after = deployed.value()
    assert after["username"] != before["username"]
    for fields in (before, after):
        deployed.login(fields).close()
    shown = json.loads(_command(deployed, "show", "database/credentials", "--json").stdout)
    assert shown["problem"] is None
    *_, rotated = (each for each in shown["events"] if each["what"] == "rotated")
    assert (rotated["why"], "root" in rotated["by"]) == ("a test", True)
    assert shown["events"][0]["what"] == "created"


def test_the_diff_is_empty_when_nothing_changed_after_a_rotation(deployed: Deployment) -> None:
    _command(deployed, *ROTATE)

    printed = deployed.cdk("diff", deployed.environment.stack_name)

    assert "There were no differences" in printed
    assert "Number of stacks with differences: 0" in printed


@pytest.mark.parametrize("name", ["Local", "Prod"])
def test_nothing_is_deployed_when_nothing_changed(deployments: dict[str, Deployment], name: str) -> None:
    deployed = deployments[name]
    before = deployed.value()

    assert unchanged_stacks(deploy(deployed)) == stack_ids(deployed.environment)
    assert deployed.value() == before


def test_the_status_shows_the_secret_when_it_is_well(deployed: Deployment) -> None:
    done = _command(deployed, "status")
    machine = _command(deployed, "status", "--json")

    assert (done.returncode, machine.returncode) == (0, 0)
    for word in ("database/credentials", "days", "ok"):
        assert word in done.stdout
    status, *_ = json.loads(machine.stdout)["secrets"]
    assert (status["path"], status["kind"], status["state"]) == ("database/credentials", "database", "ok")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["rotate", "database/credential", "--reason", "test", "--yes"],
            2,
            "alees-secrets: secret is 'database/credential'; Local declares database/",
        ),
        (
            ["status", "-e", "Pord"],
            2,
            "alees-secrets: environment is 'Pord'; allowed is one of dev, local, prod, staging",
        ),
        (["rotate", "database/credentials"], 2, "Missing option '--reason'"),
    ],
)
def test_one_clear_error_is_printed_when_the_command_is_wrong(
    deployed: Deployment, arguments: list[str], code: int, message: str
) -> None:
    done = _command(deployed, *arguments)

    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_the_first_rotation_succeeds_when_prod_is_deployed(deployments: dict[str, Deployment]) -> None:
    deployed = deployments["Prod"]

    with deployed.login(deployed.value()) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("alees_prod_owner",)


def test_prod_rotates_again_when_asked_to(deployments: dict[str, Deployment]) -> None:
    deployed = deployments["Prod"]
    before = deployed.value()

    deployed.rotate("database/credentials")

    after = deployed.value()
    assert after["username"] != before["username"]
    for fields in (before, after):
        deployed.login(fields).close()
