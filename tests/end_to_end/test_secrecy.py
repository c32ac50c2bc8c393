"""No value is found in any log, template, output or file, after everything was deployed and rotated."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_cloud.cloud import RunningCloud
from tests.end_to_end.conftest import ROTATED, Deployment
from tests.fakes.postgres import Server

pytestmark = pytest.mark.servers


def _values(deployed: Deployment) -> list[str]:
    """Return every value of the environment since its first rotation, the admin's, and what manages API keys."""
    admin = deployed.client("secretsmanager").get_secret_value(SecretId=deployed.environment.database.admin_secret)
    return [
        *deployed.seen,
        json.loads(admin["SecretString"])["password"],
        json.loads(deployed.management_value())["token"],
    ]


def _files_with(folder: Path, values: list[str]) -> list[Path]:
    """Return the files of the local AWS in which a value stands: logs, assemblies, functions' packages."""
    needles = [value.encode() for value in values]
    found = []
    for file in folder.rglob("*"):
        # Of the database's own files only the log: the rest holds what the ERP stores.
        if file.is_file() and "postgres/data" not in str(file):
            content = file.read_bytes()
            if any(needle in content for needle in needles):
                found.append(file)
    return found


def _function_logs(deployed: Deployment) -> str:
    logs: Any = deployed.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    return "\n".join(
        event["message"] for group in groups for event in logs.filter_log_events(logGroupName=group)["events"]
    )


def _trail(deployed: Deployment) -> str:
    pages = deployed.client("cloudtrail").get_paginator("lookup_events").paginate()
    return "\n".join(event["CloudTrailEvent"] for page in pages for event in page["Events"])


def _templates(deployed: Deployment) -> str:
    cloudformation: Any = deployed.client("cloudformation")
    name = deployed.environment.stack_name
    return json.dumps(
        [
            cloudformation.get_template(StackName=name)["TemplateBody"],
            cloudformation.describe_stacks(StackName=name),
            cloudformation.describe_stack_events(StackName=name),
        ],
        default=str,
    )


@pytest.mark.parametrize("name", ["Local", "Prod"])
def test_no_value_is_seen_anywhere_when_secrets_were_rotated(
    deployments: dict[str, Deployment], cloud: RunningCloud, prod_server: Server, name: str
) -> None:
    deployed = deployments[name]
    for path in ROTATED:
        deployed.rotate(path)
        deployed.value(path)
    values = _values(deployed)
    assert len(values) >= 2 * (len(ROTATED) + 2) + 2  # API keys have two secret fields

    seen = {
        "function logs": _function_logs(deployed),
        "trail": _trail(deployed),
        "templates": _templates(deployed),
        "Prod's database": prod_server.log(),
    }

    assert "finishSecret" in seen["function logs"]
    assert "PutSecretValue" in seen["trail"]
    assert [place for place, text in seen.items() for value in values if value in text] == []
    assert _files_with(cloud.state.root, values) == []


def test_the_search_finds_a_value_when_one_is_logged(deployed: Deployment, cloud: RunningCloud) -> None:
    planted = cloud.state.root / "planted.log"
    value = deployed.value()["password"]
    planted.write_text(f"password is {value}")

    found = _files_with(cloud.state.root, [value])

    planted.unlink()
    assert found == [planted]
