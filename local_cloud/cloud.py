"""Start and stop the whole local cloud; commands and tests both do it here."""

import json
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.errors import ConfigError
from config.local import LocalCloud
from local_cloud.aws import ClientOptions, advance_clock, answers, client_options, new_session
from local_cloud.errors import LocalCloudError
from local_cloud.launching import bind, launch, wait_until_up
from local_cloud.layout import StateFolder
from local_cloud.postgres.server import PostgresServer, start_postgres, stop_postgres
from local_cloud.processes import ProcessIdentity
from local_cloud.provider.process import RunningProvider, start_provider, stop_provider

ACCOUNT = "000000000000"
REGION = "eu-central-1"
ADMIN_SECRET = "alees-local-database-admin"  # noqa: S105 - the secret's name
MANAGEMENT_SECRET = "alees-local-payments-management"  # noqa: S105 - likewise

_LAUNCHER_STOP_SECONDS = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningCloud:
    """A local AWS, its PostgreSQL and its provider of API keys.

    Attributes:
        description: Where they listen.
        state: The folder that holds their logs and data.
    """

    description: LocalCloud
    state: StateFolder
    _children: "tuple[subprocess.Popen[bytes], ...]" = field(default=(), repr=False)

    @property
    def client_options(self) -> ClientOptions:
        """Return arguments for boto3's ``client`` that call this cloud as root."""
        return client_options(self.description)

    def advance(self, seconds: float) -> None:
        """Move the time by which secrets rotate forward."""
        advance_clock(self.description, seconds)

    def stop(self) -> None:
        """End all processes and every function's. Logs stay until the next start."""
        stop(self.state.root)
        for child in self._children:
            child.wait()


def find_running(state_directory: Path) -> RunningCloud | None:
    """Return the healthy local cloud of this folder; None if there is none, or only part of one."""
    state = StateFolder(state_directory.resolve())
    try:
        description = LocalCloud.read(state.root)
    except ConfigError:
        return None
    processes = _read_processes(state)
    complete = processes.keys() == {"launcher", "postgres", "provider"} and all(
        each.is_running() for each in processes.values()
    )
    if not complete or not answers(description.endpoint_url) or not _accepts(description):
        return None
    return RunningCloud(description=description, state=state)


def start(state_directory: Path, port: int | None = None, database_port: int | None = None) -> RunningCloud:
    """Start a local cloud that keeps everything in *state_directory*; what an earlier one left there is deleted.

    Nothing happens when a healthy one runs there already on these ports. When part of one does, that is ended first.

    Args:
        state_directory: Made if missing. When root, every user must be able to pass through its parents.
        port: Port of 127.0.0.1 for the local AWS. None takes a free one.
        database_port: Port of 127.0.0.1 for PostgreSQL. None takes a free one.

    Raises:
        LocalCloudError: A port is taken, something does not start, or one runs there on other ports.
    """
    running = find_running(state_directory)
    if running is not None:
        _require_ports(running.description, port, database_port)
        return running
    stop(state_directory)
    state = StateFolder(state_directory.resolve())
    with bind(port) as listener:
        _clean(state)
        try:
            return _start(state, listener, database_port)
        except BaseException:
            stop(state.root)
            raise


def _require_ports(description: LocalCloud, port: int | None, database_port: int | None) -> None:
    running = int(description.endpoint_url.rpartition(":")[2]), description.database_port
    if (port or running[0], database_port or running[1]) != running:
        raise LocalCloudError(
            f"the local cloud of this folder runs on ports {running[0]} and {running[1]}, not on {port} and "
            f"{database_port}; stop it first, or name its ports with --port and --database-port"
        )


def _start(state: StateFolder, listener: socket.socket, database_port: int | None) -> RunningCloud:
    postgres = start_postgres(state.postgres, state.certificate_authority, database_port)
    processes = {"postgres": postgres.process}
    _write_processes(state, processes)
    provider = start_provider(state.provider, state.provider_authority)
    processes["provider"] = provider.process
    _write_processes(state, processes)
    launcher = launch(listener, state, region=REGION, account=ACCOUNT)
    identity = ProcessIdentity.of(launcher.pid)
    if identity is not None:
        _write_processes(state, {**processes, "launcher": identity})
    listener_port = listener.getsockname()[1]
    # The launcher has its own copy. While this one is open, the port would stay taken after the launcher's end.
    listener.close()
    description = LocalCloud(
        endpoint_url=f"http://127.0.0.1:{listener_port}",
        account=ACCOUNT,
        region=REGION,
        database_host="127.0.0.1",
        database_port=postgres.port,
        database_name=postgres.database,
        admin_secret=ADMIN_SECRET,
        certificate_authority=str(postgres.certificate_authority),
        provider_url=provider.url,
        provider_authority=str(state.provider_authority),
        management_secret=MANAGEMENT_SECRET,
    )
    wait_until_up(launcher, description.endpoint_url, state.launcher_log)
    _create_secrets_of_others(description, postgres, provider)
    description.write(state.root)
    return RunningCloud(description=description, state=state, _children=(launcher, provider.child))


def stop(state_directory: Path) -> None:
    """End the local cloud of this folder, whole or in part, and leave no process; does nothing if none runs.

    Raises:
        LocalCloudError: A process does not end.
    """
    state = StateFolder(state_directory.resolve())
    processes = _read_processes(state)
    if "launcher" in processes:
        processes["launcher"].end(signal.SIGTERM, _LAUNCHER_STOP_SECONDS)
    if "postgres" in processes:
        stop_postgres(processes["postgres"])
    if "provider" in processes:
        stop_provider(processes["provider"])
    state.processes.unlink(missing_ok=True)
    LocalCloud.remove(state.root)


def _clean(state: StateFolder) -> None:
    """Delete what the last start left, but for PostgreSQL's, and nothing else that may be in the folder."""
    if not state.root.exists():
        state.root.mkdir(parents=True)
        state.root.chmod(0o755)  # PostgreSQL's user passes through, whatever the umask
    for folder in (state.temporary, state.cdk_home):
        if folder.exists():
            shutil.rmtree(folder)


def _create_secrets_of_others(description: LocalCloud, postgres: PostgresServer, provider: RunningProvider) -> None:
    """Keep what this application does not declare: the database's admin, and what manages the provider's keys.

    The admin's credentials are kept as Amazon RDS does when it manages them: username and password, nothing else.
    """
    client = new_session().client("secretsmanager", **client_options(description))
    client.create_secret(
        Name=description.admin_secret,
        Description="The local database's admin, in the shape of a secret that Amazon RDS manages",
        SecretString=json.dumps({"username": postgres.admin, "password": postgres.password}),
    )
    client.create_secret(
        Name=description.management_secret,
        Description="Manages the keys of the local provider",
        SecretString=json.dumps({"token": provider.token}),
    )


def _accepts(description: LocalCloud) -> bool:
    try:
        with socket.create_connection((description.database_host, description.database_port), timeout=2):
            return True
    except OSError:
        return False


def _read_processes(state: StateFolder) -> dict[str, ProcessIdentity]:
    try:
        stored = json.loads(state.processes.read_text(encoding="utf-8"))
        return {name: ProcessIdentity(**identity) for name, identity in stored.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        problem = f"{state.processes} is damaged; end the local cloud's processes by hand, then delete that file"
    raise LocalCloudError(problem)


def _write_processes(state: StateFolder, processes: Mapping[str, ProcessIdentity]) -> None:
    content = {name: asdict(process) for name, process in processes.items()}
    partial = state.processes.with_suffix(".partial")
    partial.write_text(json.dumps(content), encoding="utf-8")
    partial.replace(state.processes)
