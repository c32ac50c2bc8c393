import subprocess
import sys
from pathlib import Path

import pytest

from local_cloud.cloud import RunningCloud
from local_cloud.recorded import RECORDED

STOPPED = "The local AWS, PostgreSQL and the provider of API keys are stopped.\n"

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).parent.parent.parent.parent


def _run(command: str, state: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local_cloud", command, "--state", str(state), *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _ports(cloud: RunningCloud) -> list[str]:
    port = cloud.description.endpoint_url.rpartition(":")[2]
    return ["--port", port, "--database-port", str(cloud.description.database_port)]


def test_alerts_cannot_be_read_when_nothing_is_deployed(cloud: RunningCloud) -> None:
    done = _run("alerts", cloud.state.root)

    assert done.returncode == 1
    assert done.stderr == "Error: the Local environment has no topic for alerts; deploy it with: make local\n"


def test_variables_point_a_shell_at_the_local_aws_when_it_runs(cloud: RunningCloud) -> None:
    shell = f'eval "$({sys.executable} -m local_cloud exports --state {cloud.state.root})"; env'
    done = subprocess.run(["/bin/sh", "-c", shell], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=60)
    variables = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert (variables["AWS_ENDPOINT_URL"], variables["AWS_ACCESS_KEY_ID"], variables["ALEES_ENVIRONMENT"]) == (
        cloud.description.endpoint_url,
        cloud.description.account,
        "local",
    )


@pytest.mark.parametrize("command", ["exports", "advance"])
def test_error_is_one_line_when_nothing_runs(tmp_path: Path, command: str) -> None:
    done = _run(command, tmp_path, *(["60"] if command == "advance" else []))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: no local AWS is running in {tmp_path}; start it with: make local\n"


def test_start_says_so_when_it_runs_already(cloud: RunningCloud) -> None:
    done = _run("start", cloud.state.root, *_ports(cloud))
    assert (done.returncode, done.stderr) == (0, "")
    assert "It runs already." in done.stdout
    assert cloud.description.endpoint_url in done.stdout


def test_start_is_refused_when_it_runs_on_other_ports(cloud: RunningCloud) -> None:
    done = _run("start", cloud.state.root, "--port", "1", "--database-port", "2")
    assert (done.returncode, done.stdout) == (1, "")
    assert "stop it first" in done.stderr


def test_whole_life_works_when_it_is_started_and_stopped(state_root: Path) -> None:
    state = state_root / "commands"
    started = _run("start", state, "--port", "0", "--database-port", "0")
    assert (started.returncode, started.stderr) == (0, "")
    assert [each.what for each in RECORDED if each.what not in started.stdout] == []
    advanced = _run("advance", state, "60")
    assert (advanced.returncode, advanced.stderr) == (0, "")
    stopped = _run("stop", state)
    assert (stopped.returncode, stopped.stdout) == (0, STOPPED)
    assert _run("exports", state).returncode == 1
