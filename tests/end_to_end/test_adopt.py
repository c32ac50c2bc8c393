"""A database that one role used by itself is moved to owner role and logins by the command, and rotates then."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Deployment
from tests.fakes.postgres import Connection

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).parents[2]
PASSWORD = "only-for-this-test"
ROLE = "erp before"
REASON = ("--reason", "the ERP moves in")


def _command(deployed: Deployment, *arguments: str, answer: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(PROJECT / "alees-secrets"), "--local-state", str(deployed.cloud.state.root.parent), *arguments],
        input=answer,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _admin(deployed: Deployment) -> Connection:
    client = deployed.client("secretsmanager")
    value = client.get_secret_value(SecretId=deployed.environment.database.admin_secret)["SecretString"]
    return _login(deployed, json.loads(value))


def _login(deployed: Deployment, fields: dict[str, str]) -> Connection:
    database = deployed.environment.database
    return deployed.login({"host": database.host, "port": database.port, "dbname": database.name} | fields)


@pytest.fixture
def connected(deployed: Deployment) -> Iterator[Connection]:
    """A session of the former role, which owns a table in the database of Local."""
    with _admin(deployed) as admin:
        admin.execute(f"CREATE ROLE \"{ROLE}\" LOGIN PASSWORD '{PASSWORD}'")
        admin.execute(f'GRANT CREATE ON SCHEMA public TO "{ROLE}"')
        with _login(deployed, {"username": ROLE, "password": PASSWORD}) as session:
            session.execute("CREATE TABLE invoice_before (id serial PRIMARY KEY, paid boolean DEFAULT false)")
            yield session
        admin.execute("DROP TABLE IF EXISTS invoice_before")


def test_both_logins_use_the_former_tables_when_it_was_adopted(deployed: Deployment, connected: Connection) -> None:
    shown = _command(deployed, "adopt", ROLE)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "ALTER TABLE public.invoice_before OWNER TO alees_local_owner;  -- this table belongs to" in shown.stdout

    declined = _command(deployed, "adopt", ROLE, "--apply", *REASON, answer="n\n")
    assert (declined.returncode, "Aborted" in declined.stderr) == (1, True)
    assert _command(deployed, "adopt", ROLE).stdout == shown.stdout

    applied = _command(deployed, "adopt", ROLE, "--apply", *REASON, answer="y\n")
    assert applied.returncode == 0, applied.stderr
    assert "statements were run; rotate next: ./alees-secrets rotate database/credentials --reason" in applied.stdout

    again = _command(deployed, "adopt", ROLE, "--apply", "--yes", "--json", *REASON)
    assert json.loads(again.stdout) == {"statements": [], "applied": True}
    assert _command(deployed, "adopt", ROLE).stdout == "Nothing is left to do.\n"
    users = set()
    for _ in range(2):
        deployed.rotate("database/credentials")
        fields = deployed.value()
        users.add(fields["username"])
        with deployed.login(fields) as login:
            login.execute("ALTER TABLE invoice_before ADD COLUMN IF NOT EXISTS note text")
            login.execute("INSERT INTO invoice_before DEFAULT VALUES")
        connected.execute("UPDATE invoice_before SET paid = true")
    assert len(users) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["adopt", "nobody"], 1, "refused: bad-event: Role is 'nobody'; allowed is a role of the server"),
        (["adopt", "erp", "--apply", "--json"], 2, "--json asks no questions; give --yes with --apply"),
        (["adopt", "erp", "--apply"], 2, "--apply needs --reason, which is recorded"),
        (["adopt"], 2, "Missing argument 'ROLE'"),
    ],
)
def test_one_clear_error_is_printed_when_it_cannot_be_adopted(
    deployed: Deployment, arguments: list[str], code: int, message: str
) -> None:
    done = _command(deployed, *arguments)

    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
