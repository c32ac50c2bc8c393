"""The commands behind ``make local``: ``python -m local_cloud COMMAND``."""

import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from config.errors import ConfigError
from config.local import STATE_DIRECTORY, LocalCloud
from local_cloud import cloud as local
from local_cloud.alerts import alerts
from local_cloud.aws import advance_clock, root_environment
from local_cloud.deployment import bootstrap, deploy, is_bootstrapped
from local_cloud.errors import LocalCloudError
from local_cloud.first_rotation import wait_for_first_rotations
from local_cloud.preflight import check_machine
from local_cloud.recorded import RECORDED

State = Annotated[Path, typer.Option("--state", help="Folder that holds everything.")]
Port = Annotated[int, typer.Option(help="Port of 127.0.0.1 for the local AWS; 0 takes a free one.")]
DatabasePort = Annotated[int, typer.Option(help="Port of 127.0.0.1 for PostgreSQL; 0 takes a free one.")]

_Result = TypeVar("_Result")

_PORT = 4566
_DATABASE_PORT = 54320

application = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


@application.command()
def start(state: State = STATE_DIRECTORY, port: Port = _PORT, database_port: DatabasePort = _DATABASE_PORT) -> None:
    """Start the local AWS, PostgreSQL and the provider of API keys, empty."""
    _start(state, port, database_port)


@application.command()
def stop(state: State = STATE_DIRECTORY) -> None:
    """End them and every function's process."""
    local.stop(state)
    _console.print("The local AWS, PostgreSQL and the provider of API keys are stopped.")


@application.command()
def exports(state: State = STATE_DIRECTORY) -> None:
    """Print the shell variables that point other tools at the local AWS, for eval."""
    variables = {**root_environment(LocalCloud.read(state)), "ALEES_ENVIRONMENT": "local"}
    _console.print("unset AWS_PROFILE AWS_SESSION_TOKEN")
    for name, value in variables.items():
        _console.print(f"export {name}={shlex.quote(value)}")


@application.command()
def up(state: State = STATE_DIRECTORY, port: Port = _PORT, database_port: DatabasePort = _DATABASE_PORT) -> None:
    """Start, deploy with the CDK CLI, and wait for the first rotations."""
    running = _start(state, port, database_port)
    if not is_bootstrapped(running):
        _timed("Bootstrapping for the CDK", lambda: bootstrap(running))
    _timed(f"Deploying {running.description.environment().stack_name}", lambda: deploy(running))
    _timed("First rotations", lambda: wait_for_first_rotations(running, lambda name: _console.print(f"  {name}")))


@application.command()
def advance(
    seconds: Annotated[float, typer.Argument(help="How far; the time never goes back.")],
    state: State = STATE_DIRECTORY,
) -> None:
    """Move the time by which secrets rotate forward, so that schedules come due."""
    advance_clock(LocalCloud.read(state), seconds)


@application.command("alerts")
def alerts_command(state: State = STATE_DIRECTORY) -> None:
    """Print the alerts of the Local environment as they come, until Ctrl-C."""
    _console.print("Waiting for alerts; Ctrl-C ends it. The first tells of this very subscription.")
    for subject, text in alerts(LocalCloud.read(state)):
        _console.print(f"\nSubject: {subject}\n\n{text}")


def _start(state: Path, port: int, database_port: int) -> local.RunningCloud:
    if local.find_running(state) is not None:
        running = local.start(state, port, database_port)
        _console.print("It runs already.")
    else:
        check_machine(state)
        running = _timed("Starting", lambda: local.start(state, port, database_port))
        _console.print("Recorded, not emulated:")
        for each in RECORDED:
            _console.print(f"  {each.what}: {each.consequence}")
    where = running.description
    _console.print(f"The local AWS listens on {where.endpoint_url} (account {where.account}, {where.region}),")
    _console.print(
        f"PostgreSQL on {where.database_host}:{where.database_port}, a provider of API keys on {where.provider_url};"
    )
    _console.print(f"logs are in {running.state.root}.")
    return running


def _timed(what: str, do: Callable[[], _Result]) -> _Result:
    started = time.monotonic()
    _console.print(f"{what} ...")
    result = do()
    _console.print(f"{what}: {time.monotonic() - started:.1f} s")
    return result


def main() -> None:
    """Run a command; an error is told without a traceback, with exit code 1."""
    try:
        application()
    except (LocalCloudError, ConfigError, OSError, BotoCoreError, ClientError) as error:
        Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True).print(f"Error: {error}")
        sys.exit(1)
