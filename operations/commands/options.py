"""The application that commands register with, and what they have in common: options, arguments, questions."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.local import STATE_DIRECTORY
from operations.because import Because, because
from operations.errors import StoppedError, UsageError
from operations.output import err
from operations.target import Target, find_target

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

UNDONE = "nothing was done"
"""What is left of a command that was interrupted before it changed anything."""

EnvironmentOption = Annotated[
    str | None,
    typer.Option(
        "--environment",
        "-e",
        help="Environment to work on. Without it ALEES_ENVIRONMENT, without that a running local AWS.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines; asks nothing.")]
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Path of the secret, such as database/credentials.", show_default=False)
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is recorded.", show_default=False)]
IncidentOption = Annotated[
    str | None, typer.Option("--incident", help="Id of the incident; it is recorded.", show_default=False)
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
TimeoutOption = Annotated[int, typer.Option("--timeout", min=1, help="Seconds to wait for the end of a rotation.")]


@app.callback()
def options(
    context: typer.Context,
    local_state: Annotated[
        Path, typer.Option("--local-state", help="Folder of the local AWS.", show_default=False)
    ] = STATE_DIRECTORY,
) -> None:
    """Look after the Alees ERP's secrets in AWS Secrets Manager.

    Exit codes: 0 done; 1 AWS or the secret stands in the way, or the question was answered with no; 2 a wrong option,
    argument, value or setting; 130 interrupted.
    """
    if context.obj is None:
        context.obj = partial(find_target, environ=os.environ, local_state=local_state)


def environment_of(context: typer.Context, name: str | None) -> Target:
    """Return the environment to work on, from what finds it: find_target, unless the application was given another."""
    find: Callable[[str | None], Target] = context.obj
    return find(name)


def require_declared(target: Target, path: str) -> None:
    """Refuse a path that the environment does not declare."""
    if path not in target.environment.secret_paths:
        allowed = ", ".join(target.environment.secret_paths)
        raise UsageError(f"secret is {path!r}; {target.environment.name} declares {allowed}")


def require_answer(*, yes: bool, as_json: bool) -> None:
    """Refuse to print for machines what would have to be asked first."""
    if as_json and not yes:
        raise UsageError("--json asks no questions; give --yes")


def confirm(plan: Sequence[str], *, yes: bool) -> None:
    """Show what is going to be done, and ask whether to do it, unless *yes* says so."""
    for line in plan:
        err.print(line, markup=False, soft_wrap=True)
    if yes:
        return
    try:
        typer.confirm("Go on?", abort=True, err=True)
    except typer.Abort as abort:
        if not isinstance(abort.__context__, KeyboardInterrupt):
            raise
    else:
        return
    raise StoppedError(f"interrupted; {UNDONE}")


def begin(
    context: typer.Context,
    path: str | None,
    environment: str | None,
    *,
    reason: str,
    incident: str | None,
    yes: bool,
    as_json: bool,
) -> tuple[Target, Because]:
    """Return where a command works, and why, after the checks that every command by hand begins with.

    Args:
        context: Has what finds environments.
        path: Path of the one secret that it is about; None if it is about several.
        environment: What ``--environment`` says, and so on.
        reason: What is recorded.
        incident: Likewise.
        yes: Whether nothing is asked.
        as_json: Whether it prints for machines.

    Raises:
        OperationError: Something that it was given is not allowed, or AWS does not say who the caller is.
    """
    require_answer(yes=yes, as_json=as_json)
    target = environment_of(context, environment)
    if path is not None:
        require_declared(target, path)
    return target, because(target, reason, incident)


@contextmanager
def explaining(left: str) -> Iterator[None]:
    """Say what is *left* if somebody interrupts what is done inside."""
    try:
        yield
    except KeyboardInterrupt:
        pass
    else:
        return
    raise StoppedError(f"interrupted; {left}")
