"""Rotations that succeed."""

import json
import socket
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from constructs_lib.certificate_authority import read_certificates
from tests.fakes.postgres import login
from tests.prove.checks.access import application
from tests.prove.checks.check import Seen, Verdict, seen
from tests.prove.sandbox import Sandbox

_DATABASE = "database/credentials"
_FIRST_MINUTES = 10
_REACH_SECONDS = 5


def first_rotations(sandbox: Sandbox) -> Seen:
    """Wait until every secret with a schedule has been rotated by itself."""
    paths = sandbox.environment.rotated_paths

    def missing() -> list[str]:
        return [path for path in paths if ["AWSPREVIOUS"] not in sandbox.describe(path)["VersionIdsToStages"].values()]

    done = sandbox.wait_for(lambda: not missing(), _FIRST_MINUTES)
    text = f"{', '.join(paths)} rotated" if done else f"not after {_FIRST_MINUTES} minutes: {', '.join(missing())}"
    return seen(text, as_expected=done)


def second_rotation(sandbox: Sandbox) -> Seen:
    """Rotate the database secret once more, and compare logins without showing them."""
    client = application(sandbox)
    before = _fields(sandbox, client, "AWSCURRENT")
    if not sandbox.rotate(_DATABASE):
        return seen("not over after 5 minutes; its function's log says why", as_expected=False)
    current, previous = (_fields(sandbox, client, stage) for stage in ("AWSCURRENT", "AWSPREVIOUS"))
    alternated = current["username"] != before["username"] and previous == before
    return seen("the other login is current" if alternated else "the login is the same", as_expected=alternated)


def both_logins(sandbox: Sandbox) -> Seen:
    """Log in with the current and the previous value over verified TLS, where the database can be reached."""
    database = sandbox.environment.database
    try:
        socket.create_connection((database.host, database.port), timeout=_REACH_SECONDS).close()
    except OSError:
        return Seen(Verdict.NOT_SHOWN, "the database cannot be reached from this machine")
    client = application(sandbox)
    with tempfile.TemporaryDirectory() as folder:
        authority = Path(folder) / "ca.pem"
        authority.write_text(read_certificates(database.certificate_authority), encoding="ascii")
        values = {stage: _fields(sandbox, client, stage) for stage in ("AWSCURRENT", "AWSPREVIOUS")}
        refused = [stage for stage, fields in values.items() if not _logs_in(fields, authority)]
    text = f"refused: {', '.join(refused)}" if refused else "both log in over verified TLS"
    return seen(text, as_expected=not refused)


def _logs_in(fields: dict[str, Any], authority: Path) -> bool:
    try:
        login(fields, authority).close()
    except psycopg.OperationalError:
        return False
    return True


def _fields(sandbox: Sandbox, client: Any, stage: str) -> dict[str, Any]:
    answer = client.get_secret_value(SecretId=sandbox.secret(_DATABASE), VersionStage=stage)
    fields: dict[str, Any] = json.loads(answer["SecretString"])
    return fields
