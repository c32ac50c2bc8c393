"""A new database cluster on disk: initialized, configured, with the admin role and its empty database."""

import subprocess
from pathlib import Path

from local_cloud.errors import LocalCloudError
from local_cloud.postgres.certificates import ServerCertificate, make_server_certificate
from local_cloud.postgres.scram import scram_verifier
from local_cloud.postgres.user import ServerUser

DATABASE = "alees"
ADMIN = "alees_admin"

# Durability is switched off: every start makes a new cluster. log_statement and log_connections let a test see that
# no password was sent in clear, and how many connections a rotation takes.
_SETTINGS = """\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
ssl_min_protocol_version = 'TLSv1.2'
password_encryption = 'scram-sha-256'
log_statement = 'all'
log_connections = on
log_line_prefix = '%m [%p] user=%u db=%d '
log_timezone = 'UTC'
timezone = 'UTC'
fsync = off
synchronous_commit = off
full_page_writes = off
"""

_INITDB_OPTIONS = ("--auth=reject", "--encoding=UTF8", "--no-locale", "--no-sync")

_ACCESS = "hostssl all all 127.0.0.1/32 scram-sha-256\n"
"""pg_hba.conf: TLS and a password, for everybody. The superuser has no password, so nobody can be it."""


def create_cluster(binaries: Path, user: ServerUser, folder: Path, password: str) -> ServerCertificate:
    """Make a database cluster in *folder*/data; the server is not started.

    The superuser that PostgreSQL needs gets no password and can log in from nowhere. ``alees_admin`` is what Amazon
    RDS gives instead: LOGIN, CREATEROLE and CREATEDB, no superuser; it owns the empty database ``alees``.

    Args:
        binaries: Folder of PostgreSQL's programs.
        user: Who owns the files and runs the programs.
        folder: An existing folder of that user's, without ``data`` in it.
        password: The admin's password, ASCII. Only its verifier reaches a program or a file.

    Returns:
        The certificate that the server will show.

    Raises:
        LocalCloudError: A program failed; the message holds its last line of output.
    """
    data = folder / "data"
    run_program(user, [binaries / "initdb", "-D", data, "-U", "postgres", *_INITDB_OPTIONS])
    certificate = make_server_certificate()
    _configure(user, data, certificate)
    _create_admin(binaries, user, data, password)
    return certificate


def _configure(user: ServerUser, data: Path, certificate: ServerCertificate) -> None:
    settings = data / "postgresql.conf"
    for path, content in (
        (data / "server.crt", certificate.certificate),
        (data / "server.key", certificate.key),
        (data / "pg_hba.conf", _ACCESS.encode()),
        (settings, settings.read_bytes() + _SETTINGS.encode()),
    ):
        path.touch(mode=0o600)
        path.write_bytes(content)
        user.own(path, 0o600)


def _create_admin(binaries: Path, user: ServerUser, data: Path, password: str) -> None:
    """Create the role and its database with the stand-alone server, which asks for no login.

    It takes commands from its standard input alone.
    """
    statements = (
        f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD '{scram_verifier(password)}';\n"
        f"CREATE DATABASE {DATABASE} OWNER {ADMIN};\n"
    )
    settings = ("-c", "exit_on_error=on", "-c", "log_statement=none")
    run_program(user, [binaries / "postgres", "--single", *settings, "-D", data, "postgres"], statements)


def run_program(user: ServerUser, command: list[str | Path], text: str = "") -> None:
    """Run one of PostgreSQL's programs to its end.

    Args:
        user: Whom it runs as.
        command: Program and arguments.
        text: Its standard input.

    Raises:
        LocalCloudError: It failed or took over a minute.
    """
    arguments = [str(part) for part in command]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            arguments,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            user=user.uid,
            group=user.uid,
            extra_groups=None if user.uid is None else [],
        )
    except subprocess.TimeoutExpired:
        problem = "did not end within a minute"
    else:
        if done.returncode == 0:
            return
        problem = f"failed: {(done.stderr.strip() or done.stdout.strip() or 'no output').splitlines()[-1]}"
    raise LocalCloudError(f"PostgreSQL's {Path(arguments[0]).name} {problem}")
