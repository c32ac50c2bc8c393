"""Going back: AWSCURRENT returns to the version before, if that one works and nothing stands against it."""

from collections.abc import Callable
from typing import NoReturn

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.labels import REVOKED, Labels
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.strategy import Strategy
from rotation_handlers.versions import StoredVersion


class SupersededError(Exception):
    """AWSCURRENT is on a newer version."""


def roll_back(
    versions: RotatedVersions,
    strategy: Strategy,
    *,
    replaced: str,
    announce: Callable[[], None] | None = None,
) -> str:
    """Move AWSCURRENT from the version *replaced* to the one before, which the target accepts; return that one's id.

    The labels are read again inside the strategy's fence, just before the move and right after it: who revokes the
    version before may have looked before AWSCURRENT moved, and have ended it. AWSCURRENT returns then.

    Args:
        versions: The secret's.
        strategy: The kind's.
        replaced: Version that is AWSCURRENT.
        announce: Called when nothing stands against the move any more.

    Raises:
        SupersededError: *replaced* is not AWSCURRENT any more.
        RotationError: The version before must not be used or does not work, or something newer is pending. No label
            was moved, unless Secrets Manager did not answer.
    """
    labels = versions.labels()
    _require_safe(labels, replaced, labels.previous)
    previous = versions.previous()
    fields = fields_of(previous)
    moved = False
    try:
        with strategy.hold(fields):
            strategy.verify(fields)
            labels = versions.labels()
            _require_safe(labels, replaced, previous.version_id)
            if announce is not None:
                announce()
                labels = versions.labels()  # that took its time
                _require_safe(labels, replaced, previous.version_id)
            versions.settle(labels)
            versions.move_back(refused=replaced, previous=previous.version_id)
            moved = True
            if versions.labels().revoked == previous.version_id:
                moved = False
                _return(versions, revoked=previous.version_id, replaced=replaced)
    except RotationError:
        if not moved:  # a fence that breaks afterwards, or a look that gets no answer, changes nothing
            raise
    return previous.version_id


def _return(versions: RotatedVersions, *, revoked: str, replaced: str) -> NoReturn:
    """Move AWSCURRENT to *replaced* again, from a version whose credential may have been ended, and raise that."""
    try:
        versions.move_back(refused=revoked, previous=replaced)
    except RotationError as error:
        problem = f"it is AWSCURRENT all the same ({error}): run rollback now"
    else:
        versions.retire(revoked)
        problem = "AWSCURRENT is where it was"
    raise RotationError(Cause.OVERTAKEN, f"somebody revoked version {revoked[:8]} meanwhile; {problem}")


def fields_of(version: StoredVersion) -> SecretFields:
    """Return the value of *version*.

    Raises:
        RotationError: It is the placeholder.
    """
    if version.fields is None:
        raise RotationError(Cause.BAD_SECRET, "the value is still the placeholder")
    return version.fields


def _require_safe(labels: Labels, replaced: str, previous: str | None) -> None:
    """Refuse to move AWSCURRENT from the version *replaced* to *previous* unless the labels allow it.

    Raises:
        RotationError: Something newer is pending, or *previous* must not be used.
    """
    if labels.current != replaced:
        raise SupersededError
    if labels.pending not in {None, replaced}:
        raise RotationError(Cause.OVERTAKEN, "a newer rotation is under way")
    if previous is not None and labels.revoked == previous:
        raise RotationError(Cause.BAD_SECRET, f"the version before is revoked: it has the label {REVOKED}")
    if previous is None or labels.previous != previous:
        raise RotationError(Cause.BAD_SECRET, "the version before does not hold AWSPREVIOUS")
