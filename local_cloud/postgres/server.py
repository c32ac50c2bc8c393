"""Start PostgreSQL on a new cluster."""

import secrets
import shutil
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path

from local_cloud.errors import LocalCloudError
from local_cloud.postgres.binaries import find_binaries, within_reach
from local_cloud.postgres.cluster import ADMIN, DATABASE, create_cluster, run_program
from local_cloud.postgres.user import ServerUser
from local_cloud.processes import ProcessIdentity

_PASSWORD_BYTES = 32
_PORT_ATTEMPTS = 5
_STOP_SECONDS = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PostgresServer:
    """A running server.

    Attributes:
        port: TCP port on 127.0.0.1.
        database: Name of the empty database.
        certificate_authority: PEM file that verifies the server's certificate (sslmode=verify-full).
        admin: Login of the CREATEROLE role that owns the database.
        password: The admin's password. Kept nowhere else.
        log: The server's own log.
        process: The server's main process.
    """

    port: int
    database: str
    certificate_authority: Path
    admin: str
    password: str = field(repr=False)
    log: Path
    process: ProcessIdentity

    def stop(self) -> None:
        """Break all connections and end the server."""
        stop_postgres(self.process)


def start_postgres(folder: Path, certificate_authority: Path, port: int | None = None) -> PostgresServer:
    """Make a new cluster and start its server; what *folder* held before is deleted.

    Args:
        folder: Will belong to the server alone. Its parents must let the server's user through.
        certificate_authority: File to write the authority's certificate to.
        port: TCP port. None takes a free one.

    Raises:
        LocalCloudError: The port is taken, or PostgreSQL does not start here.
    """
    user = ServerUser.choose()
    user.require_access(folder)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    user.own(folder, 0o700)
    binaries = within_reach(find_binaries(), user, folder)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    certificate = create_cluster(binaries, user, folder, password)
    certificate_authority.write_bytes(certificate.authority)
    certificate_authority.chmod(0o644)
    port = _start(binaries, user, folder, port)
    return PostgresServer(
        port=port,
        database=DATABASE,
        certificate_authority=certificate_authority,
        admin=ADMIN,
        password=password,
        log=folder / "server.log",
        process=_identify(folder),
    )


def stop_postgres(process: ProcessIdentity) -> None:
    """End a server by its main process; does nothing when it is gone.

    SIGINT is PostgreSQL's fast shutdown (https://www.postgresql.org/docs/current/server-shutdown.html).
    """
    process.end(signal.SIGINT, _STOP_SECONDS)


def _start(binaries: Path, user: ServerUser, folder: Path, port: int | None) -> int:
    # Between finding a free port and taking it another process may take it; then another port is tried.
    for _ in range(1 if port else _PORT_ATTEMPTS):
        wanted = port or _free_port()
        log = folder / "server.log"
        command: list[str | Path] = [binaries / "pg_ctl", "start", "--wait", "--silent"]
        command += ["-D", folder / "data", "-l", log, "-o", f"-p {wanted}"]
        try:
            run_program(user, command)
        except LocalCloudError:
            if not log.exists() or "Address already in use" not in log.read_text(encoding="utf-8", errors="replace"):
                raise
        else:
            return wanted
    raise LocalCloudError(
        f"port {port} of 127.0.0.1 is taken; end what listens there or choose another with --database-port"
        if port
        else f"{_PORT_ATTEMPTS} free ports of 127.0.0.1 were taken by others before PostgreSQL could; try again"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _identify(folder: Path) -> ProcessIdentity:
    pid = int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    process = ProcessIdentity.of(pid)
    if process is None:
        raise LocalCloudError(f"PostgreSQL ended right after its start; see {folder / 'server.log'}")
    return process
