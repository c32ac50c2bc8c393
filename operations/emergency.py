"""The emergency: a new credential, proof that it works, and the end of the old one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum

from alees_secrets.kinds import KindName, kind_of
from operations import by_hand
from operations.because import Because
from operations.errors import OperationError
from operations.rotate import Phase, start, wait
from operations.target import Target


class Stage(StrEnum):
    """What is being done."""

    BEFORE = "ending the version before and its sessions"
    RECORD = "recording who, why and the incident"
    ROTATE = "rotating"
    VERIFY = "trying the new credential"
    REVOKE = "ending the old credential"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A credential that was replaced and ended.

    Attributes:
        path: Path of the secret.
        version_id: Version in use now.
        revoked: What became of the version that was in use.
        before: What became of the one before that, where a rotation alone does not end it.
    """

    path: str
    version_id: str
    revoked: by_hand.Handled
    before: by_hand.Handled | None


def leaves_sessions(target: Target, path: str) -> bool:
    """Tell whether sessions of AWSPREVIOUS outlive a rotation: with two logins, its login only gets another password.

    Every other kind's rotation, or the end of AWSCURRENT's credential after it, ends what AWSPREVIOUS opens.
    """
    return kind_of(path).name is KindName.DATABASE and len(target.environment.database.logins) > 1


def replace(
    target: Target,
    path: str,
    old: str,
    because: Because,
    *,
    timeout_seconds: float,
    progress: Callable[[Stage, float], None],
) -> Replaced:
    """Rotate the secret at *path*, try the new credential and end the old one.

    The old one is ended only when the target accepted the new one. Where the sessions of the version before would go
    on, that one is ended first; when it cannot be (the function refuses while AWSCURRENT does not work), the rest is
    done all the same.

    Args:
        target: Where the secret is.
        path: Path of the secret.
        old: Version whose credential is to end: AWSCURRENT now.
        because: Why and by whom.
        timeout_seconds: How long to wait for the rotation.
        progress: Called with each stage, and about every second of the rotation with its seconds.

    Raises:
        OperationError: A stage failed; the message says what to do.
    """
    before, problem = None, ""
    if leaves_sessions(target, path):
        progress(Stage.BEFORE, 0)
        try:
            before = _end_before(target, path, because)
        except OperationError as error:
            problem = str(error)
    going_on = f"Sessions of the version before may go on ({problem}); another emergency, when this is over, ends them"
    with _left(going_on) if problem else nullcontext():
        version, revoked = _replace(target, path, old, because, timeout_seconds=timeout_seconds, progress=progress)
        if problem:
            raise OperationError(f"{path}: version {version[:8]} is in use and works, and {old[:8]} is revoked")
    progress(Stage.DONE, 0)
    return Replaced(path, version, revoked, before)


def _end_before(target: Target, path: str, because: Because) -> by_hand.Handled | None:
    version = by_hand.before(by_hand.quiet(target, path))
    return None if version is None else by_hand.revoke(target, path, version, because)


def _replace(
    target: Target,
    path: str,
    old: str,
    because: Because,
    *,
    timeout_seconds: float,
    progress: Callable[[Stage, float], None],
) -> tuple[str, by_hand.Handled]:
    """Return the version in use now, and what became of *old*."""
    progress(Stage.RECORD, 0)
    version = start(target, path, because, "rotate --emergency")

    def rotating(_: Phase, seconds: float) -> None:
        progress(Stage.ROTATE, seconds)

    ending = _revoke_command(target, path, old, because)
    with _left(f"The old credential was NOT revoked; after the rotation: {ending}"):
        wait(target, path, version, timeout_seconds=timeout_seconds, progress=rotating)
    progress(Stage.VERIFY, 0)
    with _left(f"The old credential was NOT revoked; when the new one works, run not this again but: {ending}"):
        tried, accepted = by_hand.accepts(target, path, because)
    if tried != version or not accepted:
        found = "was refused by its target" if tried == version else f"is not in use: version {tried[:8]} is"
        raise OperationError(
            f"{path}: the new version {version[:8]} {found}, so the old credential was NOT revoked and may still work; "
            "see docs/runbooks/by-hand.md#the-new-credential-is-refused, then run the same command again"
        )
    progress(Stage.REVOKE, 0)
    with _left(f"The old credential may still work; run not this again but: {ending}"):
        return version, by_hand.revoke(target, path, old, because)


@contextmanager
def _left(ending: str) -> Iterator[None]:
    """Add to what fails inside what ends the old credential: a second emergency would end the one after it instead."""
    try:
        yield
    except OperationError as error:
        problem = str(error)
    else:
        return
    raise OperationError(f"{problem}. {ending}")


def whats_left(target: Target, path: str, old: str, because: Because, stage: Stage) -> str:
    """Return what an emergency that was interrupted in *stage* has done, what goes on, and the command that ends it."""
    command = _revoke_command(target, path, old, because)
    told = {
        Stage.BEFORE: "nothing was begun, or the version before is being ended; the one in use was left",
        Stage.RECORD: "nothing was begun, or the rotation was just started (./alees-secrets status shows it)",
        Stage.ROTATE: "the rotation goes on by itself in AWS; the old credential works until it is revoked",
        Stage.VERIFY: "the new credential is in use; whether it works was not seen, and the old one was not revoked",
        Stage.REVOKE: "the new credential is in use and works; the function goes on ending the old one for a minute",
        Stage.DONE: "all is done",
    }[stage]
    if stage in {Stage.BEFORE, Stage.RECORD}:
        command = f"./alees-secrets rotate --emergency {path} {_options(target, because)}"
    return f"{path}: {told}. To finish: {command}"


def _revoke_command(target: Target, path: str, old: str, because: Because) -> str:
    """Return the command that ends *old*, and nothing else should the rotation not have succeeded."""
    return f"./alees-secrets revoke {path} --version-id {old} {_options(target, because)}"


def _options(target: Target, because: Because) -> str:
    return f"--environment {target.environment.name} {because.options()}"
