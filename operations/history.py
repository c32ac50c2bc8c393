"""The life of one secret: made, rotated, set by hand, revoked, deleted; when, by whom and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from alees_secrets import naming
from operations.errors import OperationError
from operations.observe import describe, describe_failure
from operations.records import Happened, read_records
from operations.target import Target
from operations.trail import KEPT, Seen, look_up

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.type_defs import SecretVersionsListEntryTypeDef

_MOST_PAGES = 10
"""Pages, of 100 versions each, that are read; Secrets Manager itself keeps about 100 versions."""


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a secret, oldest first.

    Attributes:
        events: All that is known.
        problem: Why the trail's part is missing or not whole; None if it is.
    """

    events: tuple[Happened, ...]
    problem: str | None


def history(target: Target, path: str, now: datetime) -> History:
    """Return the life of the secret at *path*.

    The trail knows the last 90 days, or nothing to a caller without ``cloudtrail:LookupEvents``; what it does not know
    comes from the secret's versions and from the tags of the last operation by hand.

    Raises:
        OperationError: There is no such secret, or it may not be described.
    """
    name = naming.prefix(target.environment.slug) + path
    try:
        said = describe(target, path)
        versions = _versions(target, name) if said else []
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"{path} cannot be described: {describe_failure(error)}") from None
    if said is None:
        raise OperationError(f"there is no secret at {path}; ./alees-secrets status lists them")
    seen = look_up(target, name, said["ARN"], now)
    made = {version["VersionId"]: version["CreatedDate"] for version in versions}
    since = now - KEPT if seen.records else now
    events = [*read_records(seen.records, made), *_not_in_trail(said, seen)]
    events += [
        Happened(version["CreatedDate"], f"version {version['VersionId'][:8]} made{_labels(version)}")
        for version in versions
        if version["CreatedDate"] < since
    ]
    return History(tuple(sorted(events, key=lambda each: each.at)), seen.problem)


def _versions(target: Target, name: str) -> "list[SecretVersionsListEntryTypeDef]":
    found: list[SecretVersionsListEntryTypeDef] = []
    more: Any = {}
    for _ in range(_MOST_PAGES):
        page = target.client.list_secret_version_ids(SecretId=name, IncludeDeprecated=True, **more)
        found += page["Versions"]
        if not page.get("NextToken"):
            break
        more = {"NextToken": page["NextToken"]}
    return found


def _labels(version: "SecretVersionsListEntryTypeDef") -> str:
    labels = version.get("VersionStages", [])
    return f", now {' and '.join(labels)}" if labels else ""


def _not_in_trail(said: Mapping[str, Any], seen: Seen) -> Iterator[Happened]:
    """Yield what the secret itself tells and the trail does not: its creation, deletion and last operation by hand."""
    names = {record["eventName"] for record in seen.records}
    if "CreateSecret" not in names:
        yield Happened(said["CreatedDate"], "created")
    if said.get("DeletedDate") and "DeleteSecret" not in names:
        yield Happened(said["DeletedDate"], "deletion asked for")
    if said.get("LastRotatedDate") and "RotationSucceeded" not in names:
        yield Happened(said["LastRotatedDate"], "rotated")
    tags = {tag["Key"]: tag.get("Value", "") for tag in said.get("Tags") or ()}
    recorded = Happened.from_tags(tags)
    if recorded is not None and "TagResource" not in names:
        yield recorded
