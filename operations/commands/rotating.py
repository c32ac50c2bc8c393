"""Rotate by policy, or in an emergency."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, NamedTuple

import typer

from alees_secrets.kinds import KindName, kind_of
from config.access import DATABASE
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
from operations.emergency import Replaced, Stage, end_before, may_leave_before, replace, whats_left
from operations.errors import OperationError, StoppedError, UsageError
from operations.output import err, out, print_json, revoked_text
from operations.rotate import Phase, start, wait
from operations.target import Target

_EMERGENCY = (
    "rotate it: a new credential is made, and put into use when it works",
    "try the new one; if it is refused, stop: the old one is left",
    "revoke the old one: it is refused from then on, and its sessions end",
)
_BEFORE = "end the version before of {} too: it is refused, and its sessions end{}; if that fails, say so and go on"
_OTHER_LOGIN = ", and with it the database login that is not in use"
_POLICY = ("  rotate it: a new credential is made, and put into use when it works; the one before works on",)
_ONE_LOGIN = ("  rotate it: a new password takes the place of the one in use, when it works",)


class Done(NamedTuple):
    """A secret that is done.

    Attributes:
        answer: What machines read.
        text: What people read.
        left: What has to be done by other means all the same; empty if nothing.
    """

    answer: dict[str, object]
    text: str
    left: str = ""


@app.command()
def rotate(
    context: typer.Context,
    reason: ReasonOption,
    path: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Path of the secret, such as jwt/credentials.", show_default=False),
    ] = None,
    kind: Annotated[
        KindName | None, typer.Option("--kind", help="All of this kind, one after the other.", show_default=False)
    ] = None,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="Then try the new credential and revoke the old one; needs --incident.")
    ] = False,
    incident: IncidentOption = None,
    environment: EnvironmentOption = None,
    timeout_seconds: TimeoutOption = 300,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Rotate now and wait until the new value is in use."""
    if emergency and incident is None:
        raise UsageError("--emergency needs --incident, the id under which the incident is known")
    if (path is None) == (kind is None):
        raise UsageError("give one secret's NAME, or --kind for all of a kind")
    with explaining(UNDONE):
        target, why = begin(context, path, environment, reason=reason, incident=incident, yes=yes, as_json=as_json)
    paths = [_rotated(target, path)] if path is not None else _of_kind(target, kind)
    steps = _emergency_steps(target, paths) if emergency else _policy_steps(target, paths)
    confirm([f"In {target.environment.name}, for {', '.join(paths)}:", *steps], yes=yes)
    do = partial(_replace if emergency else _rotate, target, why=why, timeout_seconds=timeout_seconds)
    done = rotate_each(paths, do, as_json=as_json)
    if as_json:
        print_json([each.answer for each in done] if kind else done[0].answer)


def _policy_steps(target: Target, paths: list[str]) -> tuple[str, ...]:
    one_login = paths == [DATABASE] and not target.environment.database.takes_turns
    return _ONE_LOGIN if one_login else _POLICY


def _emergency_steps(target: Target, paths: list[str]) -> list[str]:
    leaving = [path for path in paths if may_leave_before(target, path)]
    other = _OTHER_LOGIN if DATABASE in leaving else ""
    first = [_BEFORE.format(", ".join(leaving), other)] if leaving else []
    return [f"  {number}. {step}" for number, step in enumerate([*first, *_EMERGENCY], 1)]


def _rotated(target: Target, path: str) -> str:
    if path not in target.environment.rotated_paths:
        raise UsageError(f"{path} does not rotate in {target.environment.name}: ./alees-secrets set {path} ... sets it")
    return path


def _of_kind(target: Target, kind: KindName | None) -> list[str]:
    paths = [each for each in target.environment.rotated_paths if kind_of(each).name is kind]
    if not paths:
        raise UsageError(
            f"--kind is {kind}; {target.environment.name} rotates {', '.join(target.environment.rotated_paths)}"
        )
    return paths


def rotate_each(paths: list[str], do: Callable[[str], Done], *, as_json: bool) -> list[Done]:
    """Do it for one after the other, whatever becomes of each.

    Raises:
        OperationError: It failed for some, or left something to be done; the others are done.
        StoppedError: Somebody interrupted one; those after it were not begun.
    """
    done: list[Done] = []
    failed: list[str] = []
    for number, path in enumerate(paths):
        try:
            done.append(do(path))
        except StoppedError as stopped:
            _print_done(done, as_json=as_json)
            rest = paths[number + 1 :]
            raise StoppedError(f"{stopped}{'; not begun: ' + ', '.join(rest) if rest else ''}") from None
        except OperationError as error:
            failed.append(str(error))
            continue
        if not as_json:
            out.print(done[-1].text, markup=False, soft_wrap=True)
        if done[-1].left:
            failed.append(f"{path}: {done[-1].left}")
    if failed:
        _print_done(done, as_json=as_json)
        raise OperationError("; ".join(failed))
    return done


def _print_done(done: list[Done], *, as_json: bool) -> None:
    """Print for machines what is done although the rest is not; people have read it by then."""
    if as_json and done:
        print_json([each.answer for each in done])


def _rotate(target: Target, path: str, *, why: Because, timeout_seconds: int) -> Done:
    with explaining(UNDONE):
        by_hand.quiet(target, path)
    left = f"a rotation of {path} that was started goes on by itself in AWS; ./alees-secrets status shows how it ends"
    with explaining(left), err.status(f"{path}: started") as line:

        def progress(phase: Phase, seconds: float) -> None:
            line.update(f"{path}: {phase} ({seconds:.0f} s)")

        version = start(target, path, why)
        rotation = wait(target, path, version, timeout_seconds=timeout_seconds, progress=progress)
    text = f"{path}: rotated in {rotation.seconds:.1f} s; version {rotation.version_id[:8]} is in use"
    return Done({"path": path, "version_id": rotation.version_id, "seconds": round(rotation.seconds, 1)}, text)


def _replace(target: Target, path: str, *, why: Because, timeout_seconds: int) -> Done:
    old: str | None = None
    before: by_hand.Handled | None = None
    stage: Stage | None = None
    left = problem = ""

    def progress(now: Stage, seconds: float) -> None:
        nonlocal stage
        if now is not stage:
            err.print(f"{path}: {now}")
        stage = now
        line.update(f"{path}: {now} ({seconds:.0f} s)")

    try:
        seen = by_hand.quiet(target, path)
        old = by_hand.in_use(seen, path)
        with err.status(f"{path}: started") as line:
            if may_leave_before(target, path):
                progress(Stage.BEFORE, 0)
                before, left = end_before(target, path, seen, why)
            if left:
                err.print(f"{path}: {left}", markup=False, soft_wrap=True)
            replaced = replace(target, path, old, why, timeout_seconds=timeout_seconds, progress=progress)
    except KeyboardInterrupt:
        pass
    except OperationError as error:
        problem = str(error)
    else:
        return _replaced(replaced, before, left)
    also = f"{path}: {left}; " if left else ""
    if problem:
        raise OperationError(also + problem)
    done = UNDONE if old is None else whats_left(target, path, old, why, stage or Stage.RECORD)
    raise StoppedError(f"interrupted; {also}{done}")


def _replaced(replaced: Replaced, before: by_hand.Handled | None, left: str) -> Done:
    answer: dict[str, object] = {
        "path": replaced.path,
        "version_id": replaced.version_id,
        "revoked_version_id": replaced.revoked.version_id,
        **replaced.revoked.counts,
        "before": None if before is None else {"revoked_version_id": before.version_id, **before.counts},
        "left": left or None,
    }
    revoked = [revoked_text(each, ended=True) for each in (before, replaced.revoked) if each]
    text = "\n".join(revoked) + f"; version {replaced.version_id[:8]} is in use and works"
    return Done(answer, text, left)
