"""The real PostgreSQL of the local cloud, started once for the tests that need it."""

import hashlib
import secrets
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from local_cloud.postgres.server import PostgresServer, start_postgres

Connection = psycopg.Connection[tuple[Any, ...]]


def login(fields: Mapping[str, Any], certificate_authority: Path) -> Connection:
    """Log in with a secret's value over verified TLS, as the ERP does; without a transaction."""
    return psycopg.connect(
        host=fields["host"],
        port=fields["port"],
        dbname=fields["dbname"],
        user=fields["username"],
        password=fields["password"],
        sslmode="verify-full",
        sslrootcert=str(certificate_authority),
        autocommit=True,
    )


@dataclass(frozen=True)
class Server:
    """A running server, with an admin that is no superuser.

    Attributes:
        running: The local cloud's description of it.
        folder: A folder that any process may read.
    """

    running: PostgresServer
    folder: Path

    host = "127.0.0.1"

    def log(self) -> str:
        """Return all that the server logged, every statement among it."""
        return self.running.log.read_text(encoding="utf-8")

    def connections_authorized(self, database: str) -> int:
        """Return how many connections to *database* the server has let in."""
        return sum(
            "connection authorized" in line and f"database={database} " in line for line in self.log().splitlines()
        )

    def as_admin(self, database: str) -> Connection:
        """Connect as the admin, without a transaction."""
        fields = {
            "host": self.host,
            "port": self.running.port,
            "dbname": database,
            "username": self.running.admin,
            "password": self.running.password,
        }
        return login(fields, self.running.certificate_authority)

    @staticmethod
    def lock_of(owner: str) -> int:
        """Return the key of the advisory lock that rotations of *owner*'s logins take."""
        return int.from_bytes(hashlib.sha256(f"alees rotation of {owner}".encode()).digest()[:8], signed=True)

    def write_certificates(self, pem: bytes) -> Path:
        """Write certificates to a file of their own and return it."""
        path = self.folder / f"{secrets.token_hex(4)}.pem"
        path.write_bytes(pem)
        return path


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server on a free port, and end it with the context."""
    with tempfile.TemporaryDirectory(prefix="alees-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
        server = start_postgres(folder / "server", folder / "ca.pem")
        try:
            yield Server(server, folder)
        finally:
            server.stop()


@contextmanager
def empty_database(server: Server) -> Iterator[str]:
    """Make an empty database that the admin owns, as RDS does, and drop it in the end."""
    name = f"erp_{uuid.uuid4().hex[:8]}"
    with server.as_admin(server.running.database) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield name
        connection.execute(f"DROP DATABASE {name}")  # waits 5 s for sessions that are just closing
