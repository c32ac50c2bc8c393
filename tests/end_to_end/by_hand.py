"""The command line, run as people on call run it against the local AWS, and what it leaves behind."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.end_to_end.conftest import Deployment

PROJECT = Path(__file__).parents[2]
DATABASE, JWT, EMAIL = "database/credentials", "jwt/credentials", "email/credentials"
WHY = ("--reason", "key was in a log", "--incident", "INC-7", "--yes")


def command_line(deployed: Deployment, *arguments: str) -> list[str]:
    return [str(PROJECT / "alees-secrets"), "--local-state", str(deployed.cloud.state.root.parent), *arguments]


def interruptible(deployed: Deployment, *arguments: str) -> list[str]:
    """Return a command that heeds Ctrl-C, even where whatever runs the tests has been started to ignore it."""
    heed = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", heed, *command_line(deployed, *arguments)]


def command(deployed: Deployment, *arguments: str, value: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command_line(deployed, *arguments), input=value, capture_output=True, text=True, check=False, timeout=120
    )


def answer(deployed: Deployment, *arguments: str, value: str = "") -> Any:
    done = command(deployed, *arguments, "--json", value=value)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def holder(deployed: Deployment, path: str, label: str) -> str | None:
    return next((version for version, labels in deployed.labels(path).items() if label in labels), None)


def tags(deployed: Deployment, path: str) -> dict[str, str]:
    described = deployed.client("secretsmanager").describe_secret(SecretId=deployed.name(path))
    return {tag["Key"]: tag["Value"] for tag in described.get("Tags", [])}


def audit(deployed: Deployment) -> list[dict[str, Any]]:
    logs: Any = deployed.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    lines = [event["message"] for group in groups for event in logs.filter_log_events(logGroupName=group)["events"]]
    audited = [line for line in lines if '{"audit": true' in line]
    return [json.JSONDecoder().raw_decode(line, line.index('{"audit": true'))[0] for line in audited]


def recorded(deployed: Deployment, path: str, operation: str) -> None:
    """Check that tags and log name what was done, why, under which incident and by whom."""
    caller = deployed.client("sts").get_caller_identity()["Arn"]
    found = tags(deployed, path)
    assert (found["alees:last-operation"], found["alees:reason"], found["alees:incident"], found["alees:caller"]) == (
        operation,
        "key was in a log",
        "INC-7",
        caller,
    )
    line = [
        line for line in audit(deployed) if (line["operation"], line["secret"]) == (operation, deployed.name(path))
    ][-1]
    assert (line["reason"], line["incident"], line["caller"]) == ("key was in a log", "INC-7", caller)
