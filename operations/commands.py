"""The commands and their options.

Exit codes: 0 done; 1 AWS or the secret stands in the way; 2 a wrong option, argument or setting; 130 interrupted.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.local import STATE_DIRECTORY
from operations.adopt import SECRET, Statement, adopt
from operations.errors import UsageError
from operations.observe import secret_statuses
from operations.output import err, out, print_json, status_table
from operations.rotate import Phase, start, wait
from operations.target import Target, find_target

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

EnvironmentOption = Annotated[
    str | None,
    typer.Option(
        "--environment",
        "-e",
        help="Environment to work on. Without it ALEES_ENVIRONMENT, without that a running local AWS.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.callback()
def options(
    context: typer.Context,
    local_state: Annotated[
        Path, typer.Option("--local-state", help="Folder of the local AWS.", show_default=False)
    ] = STATE_DIRECTORY,
) -> None:
    """Look after the Alees ERP's secrets in AWS Secrets Manager."""
    context.obj = local_state


@app.command()
def status(
    context: typer.Context,
    environment: EnvironmentOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - an option
) -> None:
    """Show every secret: kind, last rotation, next due, and what is wrong."""
    target, now = _target(context, environment), datetime.now(UTC)
    statuses = secret_statuses(target, now)
    if as_json:
        print_json(
            [
                {
                    "path": status.path,
                    "kind": status.kind,
                    "state": status.state,
                    "last_rotated": status.last_rotated,
                    "next_rotation": status.next_rotation,
                }
                for status in statuses
            ]
        )
    else:
        out.print(status_table(f"Secrets of {target.environment.name}", statuses, now))


@app.command()
def rotate(
    context: typer.Context,
    path: Annotated[str, typer.Argument(metavar="NAME", help="Path of the secret, such as database/credentials.")],
    environment: EnvironmentOption = None,
    timeout_seconds: Annotated[int, typer.Option("--timeout", min=1, help="Seconds to wait for its end.")] = 300,
    as_json: JsonOption = False,  # noqa: FBT002 - an option
) -> None:
    """Rotate a secret now, by policy, and wait until the new value is in use. The old one works until the next time."""
    target = _target(context, environment)
    if path not in target.environment.secret_paths:
        allowed = ", ".join(target.environment.secret_paths)
        raise UsageError(f"secret is {path!r}; {target.environment.name} declares {allowed}")
    version_id = start(target, path)
    with err.status(f"{path}: started") as line:

        def progress(phase: Phase, seconds: float) -> None:
            line.update(f"{path}: {phase} ({seconds:.0f} s)")

        rotation = wait(target, path, version_id, timeout_seconds=timeout_seconds, progress=progress)
    if as_json:
        print_json({"path": path, "version_id": rotation.version_id, "seconds": round(rotation.seconds, 1)})
    else:
        out.print(f"{path}: rotated in {rotation.seconds:.1f} s; version {rotation.version_id[:8]} is in use")


@app.command("adopt")
def adopt_command(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="Role that owns what the ERP uses, such as erp.")],
    environment: EnvironmentOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Run the statements, after a question.")] = False,  # noqa: FBT002 - an option
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,  # noqa: FBT002 - an option
    as_json: JsonOption = False,  # noqa: FBT002 - an option
) -> None:
    """Move a database that the ERP uses already to owner role and logins; without --apply only show the statements."""
    if as_json and apply and not yes:
        raise UsageError("--json asks no questions; give --yes with --apply")
    target = _target(context, environment)
    if not (apply and as_json):
        planned = adopt(target, role, apply=False)
        _show_statements(planned, as_json=as_json, applied=False)
        if not (apply and planned):
            return
        if not yes:
            typer.confirm(f"Run these {len(planned)} statements in {target.environment.name}?", abort=True, err=True)
    done = adopt(target, role, apply=True)
    if as_json:
        _show_statements(done, as_json=True, applied=True)
    else:
        out.print(f"{len(done)} statements were run; rotate next: ./alees-secrets rotate {SECRET}")


def _show_statements(statements: Sequence[Statement], *, as_json: bool, applied: bool) -> None:
    if as_json:
        told = [{"sql": statement.sql, "why": statement.why} for statement in statements]
        print_json({"statements": told, "applied": applied})
    elif not statements:
        out.print("Nothing is left to do.")
    for statement in () if as_json else statements:
        out.print(f"{statement.sql};  -- {statement.why}", markup=False, soft_wrap=True)


def _target(context: typer.Context, name: str | None) -> Target:
    return find_target(name, os.environ, context.obj)
