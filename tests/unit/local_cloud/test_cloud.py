import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.local import LocalCloud
from local_cloud.cloud import RunningCloud, find_running, start, stop
from local_cloud.errors import LocalCloudError
from local_cloud.processes import ProcessIdentity
from tests.unit.local_cloud.local_aws import ALL_SECRETS, LocalAws, wait_until

pytestmark = pytest.mark.servers

SLEEPER = b"""
import pathlib, tempfile, time

def handler(event, context):
    pathlib.Path(tempfile.gettempdir(), "running").touch()
    time.sleep(60)
"""


@pytest.fixture
def own(state_root: Path) -> Iterator[RunningCloud]:
    """A local cloud that a test may damage."""
    running = start(state_root / "own")
    yield running
    running.stop()


def _processes_below(folder: Path) -> list[str]:
    """Return the processes that have this folder in their command line or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in text:
            found.append((process / "comm").read_text(encoding="utf-8").strip())
    return found


def _listening() -> set[tuple[str, int]]:
    """Return the addresses on which this network listens, as /proc prints them: reversed hexadecimal."""
    rows = [
        row.split()
        for name in ("tcp", "tcp6")
        for row in Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:]
    ]
    return {(address, int(port, 16)) for address, port in (row[1].split(":") for row in rows if row[3] == "0A")}


def test_nothing_changes_when_it_runs_already(cloud: RunningCloud) -> None:
    again = start(cloud.state.root)
    assert again.description == cloud.description


def test_description_is_left_for_the_cdk_when_it_runs(cloud: RunningCloud) -> None:
    assert LocalCloud.read(cloud.state.root) == cloud.description


def test_admin_secret_logs_in_when_it_has_the_shape_of_rds(cloud: RunningCloud, aws: LocalAws) -> None:
    where = cloud.description
    admin = json.loads(aws.value(where.admin_secret))
    assert admin.keys() == {"username", "password"}
    psycopg.connect(
        host=where.database_host,
        port=where.database_port,
        dbname=where.database_name,
        user=admin["username"],
        password=admin["password"],
        sslmode="verify-full",
        sslrootcert=where.certificate_authority,
    ).close()


def test_only_loopback_listens_when_it_runs(own: RunningCloud) -> None:
    before = _listening()
    where = own.description
    urls = (where.endpoint_url, where.provider_url)
    ports = {*(int(url.rpartition(":")[2]) for url in urls), where.database_port}
    assert {(address, port) for address, port in before if port in ports} == {("0100007F", port) for port in ports}
    own.stop()
    assert {port for _, port in before - _listening()} == ports


def test_no_process_is_left_when_it_is_stopped_while_a_function_runs(own: RunningCloud) -> None:
    aws = LocalAws(own.description)
    function = aws.new_function({"sleeper.py": SLEEPER}, "sleeper.handler", policy=ALL_SECRETS)
    aws.functions.invoke(FunctionName=function, InvocationType="Event")
    wait_until((own.state.temporary / "running").exists, "the function does not run")
    own.stop()
    assert _processes_below(own.state.root) == []


@pytest.mark.parametrize("victim", ["launcher", "postgres", "provider"])
def test_start_begins_anew_when_only_a_part_still_runs(own: RunningCloud, victim: str) -> None:
    identity = ProcessIdentity(**json.loads(own.state.processes.read_text(encoding="utf-8"))[victim])
    os.kill(identity.pid, signal.SIGKILL)
    while identity.is_running():
        pass
    assert find_running(own.state.root) is None
    anew = start(own.state.root)
    assert find_running(own.state.root) is not None
    anew.stop()


def test_stop_does_nothing_when_nothing_runs(tmp_path: Path) -> None:
    stop(tmp_path)


def test_nothing_is_left_when_the_port_is_taken(state_root: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(LocalCloudError, match=f"port {port} of 127.0.0.1 is taken.*--port"):
            start(state_root / "taken", port)
    assert _processes_below(state_root / "taken") == []


def test_nothing_is_left_when_the_databases_port_is_taken(state_root: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalCloudError, match=f"port {port} of 127.0.0.1 is taken.*--database-port"):
            start(state_root / "taken", None, port)
    assert _processes_below(state_root / "taken") == []


def test_values_are_in_no_file_when_a_secret_was_written_and_read(cloud: RunningCloud, aws: LocalAws) -> None:
    canary = "canary-in-every-file"
    arn = aws.new_secret(canary)
    aws.secrets.put_secret_value(SecretId=arn, SecretString=f"{canary} again")
    aws.value(arn)
    files = [path for path in cloud.state.root.rglob("*") if path.is_file() and "worker" not in path.name]
    assert cloud.state.launcher_log in files
    assert [path for path in files if canary.encode() in path.read_bytes()] == []


def test_values_are_not_in_the_trail_when_a_secret_was_written(aws: LocalAws) -> None:
    canary = "canary-in-the-trail"
    aws.secrets.put_secret_value(SecretId=aws.new_secret(canary), SecretString=canary)
    aws.secrets.update_secret(SecretId=aws.new_secret(canary), SecretString=canary)
    events = aws.trail.lookup_events()["Events"]
    assert {"CreateSecret", "PutSecretValue", "UpdateSecret"} <= {event["EventName"] for event in events}
    assert canary not in str(events)
