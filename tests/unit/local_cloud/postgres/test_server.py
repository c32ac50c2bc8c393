import socket
from pathlib import Path
from typing import Any

import psycopg
import pytest

from local_cloud.errors import LocalCloudError
from local_cloud.postgres.server import PostgresServer, start_postgres

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def folder(state_root: Path) -> Path:
    folder = state_root / "postgres-alone"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def running(folder: Path, request: pytest.FixtureRequest) -> PostgresServer:
    server = start_postgres(folder / "server", folder / "ca.pem")
    request.addfinalizer(server.stop)  # noqa: PT021 - the process must end even if a later test starts another
    return server


def _connect(server: PostgresServer, **changed: Any) -> psycopg.Connection[tuple[Any, ...]]:
    arguments = {
        "host": "127.0.0.1",
        "port": server.port,
        "dbname": server.database,
        "user": server.admin,
        "password": server.password,
        "sslmode": "verify-full",
        "sslrootcert": str(server.certificate_authority),
        "channel_binding": "require",
    }
    return psycopg.connect(**{**arguments, **changed})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_admin_logs_in_when_the_certificate_is_verified(running: PostgresServer, host: str) -> None:
    with _connect(running, host=host) as connection:
        row = connection.execute("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert row in {(True, "TLSv1.2"), (True, "TLSv1.3")}


def test_admin_is_as_on_rds_when_the_server_is_new(running: PostgresServer) -> None:
    with _connect(running) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owner = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'alees'").fetchone()
    assert (row, owner) == ((False, True, True, False), (running.admin,))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sslmode": "disable", "channel_binding": "prefer"}, "no encryption"),
        ({"user": "postgres", "password": "guessed"}, "authentication failed"),
        ({"password": "guessed"}, "authentication failed"),
        ({"ssl_max_protocol_version": "TLSv1.1", "ssl_min_protocol_version": "TLSv1"}, "protocol|version"),
    ],
    ids=["no TLS", "superuser", "wrong password", "old TLS"],
)
def test_login_is_refused_when_it_is_not_a_tls_login_of_the_admin(
    running: PostgresServer, changed: dict[str, str], why: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match=why):
        _connect(running, **changed)


def test_password_is_in_no_file_when_the_admin_has_logged_in(running: PostgresServer, folder: Path) -> None:
    _connect(running).close()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "server.log" for path in files)
    assert [path for path in files if running.password.encode() in path.read_bytes()] == []


def test_password_is_hidden_when_the_server_is_shown(running: PostgresServer) -> None:
    assert running.password not in f"{running!r} {running}"


def test_authoritys_key_is_in_no_file_when_the_server_runs(running: PostgresServer) -> None:
    files = [running.certificate_authority, *running.log.parent.rglob("*")]
    keys = [path.name for path in files if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert keys == ["server.key"]


def test_statements_and_connections_are_logged_when_a_client_works(running: PostgresServer) -> None:
    with _connect(running) as connection:
        connection.execute("SELECT 'seen in the log'")
    log = running.log.read_text(encoding="utf-8")
    assert "statement: SELECT 'seen in the log'" in log
    assert f"connection authorized: user={running.admin} database={running.database} SSL enabled" in log


def test_only_loopback_listens_when_the_server_runs(running: PostgresServer) -> None:
    with _connect(running) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_start_is_refused_when_the_port_is_taken(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalCloudError, match=f"port {port} of 127.0.0.1 is taken"):
            start_postgres(folder / "second", folder / "second-ca.pem", port)


def test_process_is_gone_when_the_server_was_stopped_with_a_client_connected(folder: Path) -> None:
    server = start_postgres(folder / "third", folder / "third-ca.pem")
    with _connect(server):
        server.stop()
    assert not server.process.is_running()
