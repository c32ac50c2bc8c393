"""The emergency: a new credential, proof that it works, and the end of the old one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from alees_secrets.kinds import KindName, kind_of
from config.services import Internal
from operations import by_hand
from operations.because import Because
from operations.errors import OperationError
from operations.observe import Seen
from operations.rotate import Phase, start, wait
from operations.target import Target


class Stage(StrEnum):
    """What is being done."""

    BEFORE = "ending the version before"
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
    """

    path: str
    version_id: str
    revoked: by_hand.Handled


def may_leave_before(target: Target, path: str) -> bool:
    """Tell whether what AWSPREVIOUS opens may outlive a rotation and the end of AWSCURRENT's credential after it.

    The rotation of two logins gives that one's login another password, and leaves its sessions; an issuer is asked to
    end the keys that it lists under the secret's name, and a key that somebody set has another. A single login's
    sessions end with AWSCURRENT's, and what Alees makes itself ends with its label.
    """
    environment = target.environment
    match kind_of(path).name:
        case KindName.DATABASE:
            return environment.database.takes_turns
        case KindName.API_KEY:
            return any(
                each.path == path and not isinstance(each.provider, Internal) for each in environment.api_services
            )
        case kind:
            return kind is KindName.EMAIL


def end_before(target: Target, path: str, seen: Seen, because: Because) -> tuple[by_hand.Handled | None, str]:
    """End the version before AWSCURRENT, or the one whose revocation was not ended perhaps, as they were *seen*.

    Returns:
        What became of it; None if there is none, or if it could not be ended: the function refuses while AWSCURRENT
        does not work. Then also what is to be done; an emergency goes on all the same. If it has AWSCURRENT's
        credential, it ends with that.
    """
    if seen.before is None:
        return None, ""
    try:
        return by_hand.revoke(target, path, seen.before, because, others=True), ""
    except OperationError as error:
        left = "see docs/runbooks/by-hand.md#the-version-before-was-not-ended"
        return None, f"the version before was NOT ended ({error}); {left}"


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

    The old one is ended only when the target accepted the new one.

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
        revoked = by_hand.revoke(target, path, old, because)
        by_hand.require_ended(revoked)
    progress(Stage.DONE, 0)
    return Replaced(path, version, revoked)


@contextmanager
def _left(left: str) -> Iterator[None]:
    """Add to what fails inside what is *left* to be done."""
    try:
        yield
    except OperationError as error:
        problem = str(error)
    else:
        return
    raise OperationError(f"{problem}. {left}")


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
