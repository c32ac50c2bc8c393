"""What people do to one secret by hand, inside its rotation function."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from operations.because import Because
from operations.errors import OperationError
from operations.functions import invoke, require_function
from operations.observe import Seen
from operations.target import Target

IN_USE = "in-use"
"""Outcome of a version that was to be revoked and has the credential of AWSCURRENT, or of another AWSPREVIOUS."""

BY_FORM = "set-by-form"
"""Outcome of a value that was set when nothing but its form could be checked: its target cannot know it before."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What was done to a secret.

    Attributes:
        path: Its path.
        outcome: In the function's word, such as ``revoked``.
        version_id: Version that it is about.
        counts: What the function counted, by name.
    """

    path: str
    outcome: str
    version_id: str
    counts: Mapping[str, int]

    @property
    def counted(self) -> str:
        """What people read of the counts; it begins with a semicolon, if there is anything."""
        return "".join(f"; {name.replace('_', ' ')}: {count}" for name, count in self.counts.items())


def quiet(target: Target, path: str) -> Seen:
    """Return how the secret at *path* is, if no rotation is pending.

    Raises:
        OperationError: One is, there is no function, or the secret cannot be seen.
    """
    seen = require_function(target, path)
    if seen.pending is not None:
        raise OperationError(
            f"another rotation of {path} is not over (version {seen.pending[:8]}); wait for its end, or, if it is "
            f"stuck: ./alees-secrets recover {path} --environment {target.environment.name} --reason ..."
        )
    return seen


def in_use(seen: Seen, path: str) -> str:
    """Return the version that is AWSCURRENT of the secret at *path*, as it was *seen*.

    Raises:
        OperationError: There is none.
    """
    return _held(seen.current, f"{path} has no version in use; look at: ./alees-secrets status")


def to_revoke(target: Target, path: str, wanted: str | None = None) -> str:
    """Return the version that is to be revoked: the one before, or the one whose revocation was not ended perhaps.

    Args:
        target: Where the secret is.
        path: Path of the secret.
        wanted: The only one that may be: AWSPREVIOUS, or what was revoked last; None takes the first of these.

    Raises:
        OperationError: There is none, it is another than *wanted*, or see quiet.
    """
    seen = quiet(target, path)
    if wanted is None:
        return _held(seen.before, f"{path} has no version before; nothing is to be revoked")
    if wanted in {seen.previous, seen.revoked}:
        return wanted
    if wanted == seen.current:
        found = "is still in use, so its rotation did not succeed: run rotate --emergency again"
    else:
        found = "is neither AWSPREVIOUS nor what was revoked last; end its credential at its target by hand"
    raise OperationError(f"{path}: nothing was revoked; version {wanted[:8]} {found}")


def to_go_back_to(target: Target, path: str) -> str:
    """Return the version that AWSCURRENT would go back to.

    Raises:
        OperationError: There is none, or see quiet.
    """
    return _held(quiet(target, path).previous, f"{path} has no version before that may be used; rotate instead")


def _held(version: str | None, problem: str) -> str:
    if version is None:
        raise OperationError(problem)
    return version


def record(target: Target, path: str, what: str, because: Because) -> None:
    """Have the function record *what* is about to be done, before it is."""
    invoke(target, path, "record", {**because.request(), "What": what})


def accepts(target: Target, path: str, because: Because) -> tuple[str, bool]:
    """Return the AWSCURRENT version, and whether its target accepts it."""
    told = _do(target, path, "verify", because.request())
    return told.version_id, told.outcome == "accepted"


def revoke(target: Target, path: str, version: str, because: Because, *, others: bool = False) -> Handled:
    """End *version*, what AWSCURRENT was before: its labels, then its credential at the target, unless it is IN_USE.

    With *others*, what else works there beside AWSCURRENT ends too.
    """
    return _do(target, path, "revoke", {**because.request(), "VersionId": version, "Others": others})


def require_ended(revoked: Handled) -> None:
    """Raise OperationError if what was to be *revoked* is in use."""
    if revoked.outcome == IN_USE:
        raise OperationError(
            f"{revoked.path}: version {revoked.version_id[:8]} has the credential of AWSCURRENT or AWSPREVIOUS, which "
            f"works on{revoked.counted}; see docs/runbooks/by-hand.md#two-versions-with-one-credential"
        )


def roll_back(target: Target, path: str, version: str, because: Because) -> Handled:
    """Give AWSCURRENT back to *version*, the one before."""
    return _do(target, path, "rollback", {**because.request(), "VersionId": version})


def discard(target: Target, path: str, version: str, because: Because) -> Handled:
    """Give up the pending *version*."""
    return _do(target, path, "discard", {**because.request(), "VersionId": version})


def set_value(
    target: Target, path: str, value: Mapping[str, str | int], *, replaced: str, untested: bool, because: Because
) -> Handled:
    """Make *value* AWSCURRENT in place of the version *replaced*; the function tries it first unless *untested*."""
    request = {"VersionId": replaced, "Token": str(uuid.uuid4()), "Untested": untested, "Value": dict(value)}
    return _do(target, path, "set", {**because.request(), **request})


def _do(target: Target, path: str, operation: str, request: Mapping[str, object]) -> Handled:
    return handled(target, path, invoke(target, path, operation, request))


def handled(target: Target, path: str, answer: Mapping[str, Any]) -> Handled:
    """Return what *answer* of a function says.

    Raises:
        OperationError: It says something else.
    """
    match answer:
        case {"outcome": str(outcome), "version": str(version)}:
            return Handled(path, outcome, version, dict(answer.get("counts") or {}))
    raise OperationError(
        f"the rotation function of {path} gave no answer that this version knows; "
        f"deploy {target.environment.stack_name}"
    )
