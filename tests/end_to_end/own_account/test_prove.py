"""``make prove``, with an account of the local AWS in the place of a real one."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local_cloud.aws import caller_environment_without_aws, client_options, new_session, root_environment
from local_cloud.cloud import RunningCloud
from tests.end_to_end.conftest import Deployment
from tests.fakes.postgres import Server, running_server
from tests.prove.checks.registry import CHECKS
from tests.prove.settings import read_environment

pytestmark = pytest.mark.servers

ACCOUNT = "123412341234"
PROJECT = Path(__file__).parents[3]


def _write_settings(file: Path, server: Server) -> None:
    database = {
        "host": server.host,
        "port": server.running.port,
        "name": server.running.database,
        "admin_secret": "sandbox-database-admin",
        "certificate_authority": str(server.running.certificate_authority),
    }
    regions = {"region": "eu-central-1", "recovery_region": "eu-west-1"}
    file.write_text(json.dumps({**regions, "database": database, "network": None}))


def _left(cloud: RunningCloud) -> list[str]:
    """Return stacks and buckets that are in the account."""
    session: Any = new_session()
    left = []
    for region in ("eu-central-1", "eu-west-1"):
        options = client_options(replace(cloud.description, region=region))
        stacks = session.client("cloudformation", **options).list_stacks()["StackSummaries"]
        left += [each["StackName"] for each in stacks if each["StackStatus"] != "DELETE_COMPLETE"]
    buckets = session.client("s3", **client_options(cloud.description)).list_buckets()["Buckets"]
    return left + [each["Name"] for each in buckets if ACCOUNT in each["Name"]]


def test_everything_is_proved_and_gone_again_when_an_account_is_a_sandbox(cloud: RunningCloud, tmp_path: Path) -> None:
    own = replace(cloud, description=replace(cloud.description, account=ACCOUNT))
    settings = tmp_path / "sandbox.json"
    command = [sys.executable, "-m", "tests.prove", "--account", ACCOUNT, "--yes-account", ACCOUNT]
    environment = {
        **caller_environment_without_aws(),
        **root_environment(own.description),
        "CDK_HOME": str(tmp_path / "cdk"),
    }
    with running_server() as server:
        _write_settings(settings, server)
        Deployment(own, read_environment(settings, ACCOUNT), tmp_path).give_secrets_of_others(server)

        done = subprocess.run(
            [*command, "--sandbox", str(settings), "--local-aws", "--json"],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    verdicts = {each["check"]: each["verdict"] for each in report["checks"]}
    assert verdicts == {each.name: "pass" if each.shown_locally else "not shown here" for each in CHECKS}
    assert _left(own) == []
