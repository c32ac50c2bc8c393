"""CloudTrail's records of one secret, read as what happened to it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from alees_secrets.naming import OPERATION_TAGS
from operations.trail import Record

SCHEDULE = "schedule"
"""Who rotated where nobody asked for it."""

_PLAIN = {
    "CancelRotateSecret": "rotation switched off",
    "CreateSecret": "created",
    "DeleteResourcePolicy": "policy removed",
    "DeleteSecret": "deletion asked for",
    "PutResourcePolicy": "policy changed",
    "PutSecretValue": "value written",
    "RestoreSecret": "restored",
    "RotateSecret": "rotation asked for",
    "RotationAbandoned": "rotation abandoned",
    "RotationFailed": "rotation failed",
    "RotationSucceeded": "rotated",
    "UpdateSecret": "changed",
}
"""Name of an event to what happened; labels and tags are read further."""

_OF_ROTATION = frozenset({"PutSecretValue", "UpdateSecretVersionStage"})
"""What each rotation does on its way, in its function's name."""

_FIRST, _LAST = ("TagResource", "RotateSecret"), ("RotationSucceeded", "RotationFailed", "RotationAbandoned")
"""Records have whole seconds: within one, what is recorded by hand comes before what is done, and an end after all."""

_REVOKED = "alees-revoked"


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a secret.

    Attributes:
        at: When; aware.
        what: What, such as ``rotated``.
        by: Who: an ARN, a service, ``schedule``, or ``-`` where that is not known.
        why: Reason and incident that were recorded; ``-`` without.
    """

    at: datetime
    what: str
    by: str = "-"
    why: str = "-"

    @classmethod
    def from_tags(cls, tags: Mapping[str, str]) -> Self | None:
        """Return the operation by hand that *tags* record; None if they record none."""
        operation, reason, incident, caller, at = (tags.get(key, "-") for key in OPERATION_TAGS)
        try:
            when = datetime.fromisoformat(at)
        except ValueError:
            return None
        return cls(when, f"by hand: {operation}", caller, reason if incident == "-" else f"{reason} ({incident})")


def read_records(records: Sequence[Record], made: Mapping[str, datetime]) -> Iterator[Happened]:
    """Yield what *records* tell, oldest first.

    Args:
        records: Of calls that succeeded.
        made: Version to when it was made: a label that goes to an older one goes back.
    """
    asked: Happened | None = None
    for record in sorted(records, key=_order):
        happened = _read(record, made)
        if happened is None:
            continue
        name = record["eventName"]
        if name == "TagResource" or (name == "RotateSecret" and asked is None):
            asked = happened  # what is recorded just before a rotation is asked for tells why, too
        if name == "RotationSucceeded":
            happened = Happened(happened.at, happened.what, *((asked.by, asked.why) if asked else (SCHEDULE,)))
            asked = None
        yield happened


def _order(record: Record) -> tuple[str, int]:
    name = record["eventName"]
    rank = _FIRST.index(name) - len(_FIRST) if name in _FIRST else int(name in _LAST)
    return str(record["eventTime"]), rank


def _read(record: Record, made: Mapping[str, datetime]) -> Happened | None:
    name, asked = record["eventName"], record.get("requestParameters") or {}
    at, by = datetime.fromisoformat(record["eventTime"]), _who(record)
    if name == "TagResource":
        return Happened.from_tags({tag.get("key", ""): tag.get("value", "-") for tag in asked.get("tags") or ()})
    if name == "UpdateSecretVersionStage":
        what = _moved(asked, made)
        return Happened(at, what, by) if what else None
    if name in _OF_ROTATION and "-rotation/" in by:
        return None
    return Happened(at, _PLAIN[name], "-" if record.get("eventType") == "AwsServiceEvent" else by)


def _moved(asked: Mapping[str, Any], made: Mapping[str, datetime]) -> str | None:
    """Return what the move of a label means; None for one that each rotation makes."""
    label, to, was = (str(asked.get(key)) for key in ("versionStage", "moveToVersionId", "removeFromVersionId"))
    if label == _REVOKED:
        return f"version {to[:8]} revoked"
    if label == "AWSCURRENT" and to in made and was in made and made[to] < made[was]:
        return f"rolled back to version {to[:8]}"
    return None


def _who(record: Record) -> str:
    identity = record.get("userIdentity") or {}
    return str(identity.get("arn") or identity.get("invokedBy") or identity.get("principalId") or "-")
