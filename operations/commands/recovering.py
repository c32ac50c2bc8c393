"""End rotations that stopped half-way."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from operations import by_hand
from operations.because import Because
from operations.commands.options import (
    UNDONE,
    EnvironmentOption,
    IncidentOption,
    JsonOption,
    ReasonOption,
    TimeoutOption,
    YesOption,
    app,
    begin,
    confirm,
    explaining,
)
from operations.errors import OperationError
from operations.output import err, out, print_json
from operations.recover import Stopped, find_stopped
from operations.rotate import Phase, finish, wait
from operations.target import Target

_AGAIN = "what was started goes on by itself in AWS; ./alees-secrets recover again shows what is left"
_DISCARDING = (
    "what was started goes on by itself in AWS; run ./alees-secrets recover again and, when it does not find the "
    "rotation any more, ./alees-secrets rotate: what the value opens may work until then"
)


@app.command()
def recover(
    context: typer.Context,
    reason: ReasonOption,
    path: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Path of the secret; without it, all.", show_default=False)
    ] = None,
    discard: Annotated[
        bool, typer.Option("--discard", help="Give the pending value up instead of finishing the rotation.")
    ] = False,
    incident: IncidentOption = None,
    environment: EnvironmentOption = None,
    timeout_seconds: TimeoutOption = 300,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find rotations that stopped, say where and why, and finish or discard them."""
    with explaining(UNDONE):
        target, why = begin(context, path, environment, reason=reason, incident=incident, yes=yes, as_json=as_json)
        paths = [path] if path else list(target.environment.secret_paths)
        stopped = find_stopped(target, paths, why, datetime.now(UTC))
    if not stopped and not as_json:
        out.print("No rotation is stuck.")
    done, failed = [], []
    for each in stopped:
        try:
            done.append(_end(target, each, why, discard=discard, yes=yes, timeout_seconds=timeout_seconds))
        except OperationError as error:
            if error.exit_code != OperationError.exit_code:
                if as_json:
                    print_json(done)
                raise
            failed.append(str(error))
            continue
        if not as_json:
            out.print(f"{each.path}: {done[-1]['outcome']}")
    if as_json:
        print_json(done)
    if failed:
        raise OperationError("; ".join(failed))


def _end(
    target: Target, stopped: Stopped, why: Because, *, discard: bool, yes: bool, timeout_seconds: int
) -> dict[str, object]:
    """Finish a rotation, or discard what cannot be finished or was asked to be.

    Raises:
        OperationError: Something stands in its way, and it was not asked to be discarded.
    """
    discard = discard or not stopped.usable
    blocked = stopped.problem is not None and not discard
    plan = [*_found(stopped), "  discard its value; the next rotation makes another" if discard else "  finish it"]
    if blocked:
        for line in plan[:-1]:
            err.print(line, markup=False, soft_wrap=True)
        raise OperationError(
            f"{stopped.path} cannot be finished yet ({stopped.problem}); mend that (docs/runbooks/rotation.md) and run "
            "recover again, or give its value up with --discard"
        )
    confirm(plan, yes=yes)
    with explaining(_DISCARDING if discard else _AGAIN):
        if discard:
            by_hand.discard(target, stopped.path, stopped.version_id, why)
        else:
            finish(target, stopped.path, stopped.version_id, why)
            _wait(target, stopped, timeout_seconds)
    return {
        "path": stopped.path,
        "version_id": stopped.version_id,
        "step": stopped.step,
        "problem": stopped.problem,
        "outcome": "discarded" if discard else "finished",
    }


def _found(stopped: Stopped) -> list[str]:
    """Return what was found of a rotation, for people."""
    age = f"{stopped.seconds / 60:.0f} minutes old"
    lines = [f"{stopped.path}: the rotation to version {stopped.version_id[:8]}, {age}, is not over."]
    if stopped.may_run:
        lines.append("  It is so young that it may be running still; wait some minutes if nobody is in a hurry.")
    if stopped.step is not None:
        lines.append(f"  To be done next: {stopped.step}.")
    lines.append(f"  In its way now: {stopped.problem or 'nothing'}.")
    if not stopped.usable:
        lines.append("  Its value can never work.")
    return lines


def _wait(target: Target, stopped: Stopped, timeout_seconds: int) -> None:
    with err.status(f"{stopped.path}: taken up") as line:

        def progress(phase: Phase, seconds: float) -> None:
            line.update(f"{stopped.path}: {phase} ({seconds:.0f} s)")

        wait(target, stopped.path, stopped.version_id, timeout_seconds=timeout_seconds, progress=progress)
