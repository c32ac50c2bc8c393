"""What CloudTrail knows of one secret: changes of the last 90 days, in the secret's region.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operations.observe import describe_failure
from operations.target import Target

KEPT = timedelta(days=90)
"""How long events can be looked up."""

MOST_PAGES = 10
"""Pages, of 50 events each, that are read of one name; they are about all secrets of the account."""

EVENTS = (
    "CancelRotateSecret",
    "CreateSecret",
    "DeleteResourcePolicy",
    "DeleteSecret",
    "PutResourcePolicy",
    "PutSecretValue",
    "RestoreSecret",
    "RotateSecret",
    "RotationAbandoned",
    "RotationFailed",
    "RotationSucceeded",
    "TagResource",
    "UpdateSecret",
    "UpdateSecretVersionStage",
)
"""Names of what changes a secret. The index of resources does not know secrets, so each name is looked up."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked up.

    Attributes:
        records: CloudTrail's, about the secret, of calls that succeeded.
        problem: Why they are not all of the last 90 days; None if they are.
    """

    records: tuple[Record, ...]
    problem: str | None


def look_up(target: Target, name: str, arn: str, now: datetime) -> Seen:
    """Return what changed a secret. Needs ``cloudtrail:LookupEvents``.

    Args:
        target: Where the secret is.
        name: Its whole name.
        arn: Its ARN.
        now: Aware.
    """
    records: list[Record] = []
    cut: list[str] = []
    try:
        for event in EVENTS:
            pages = iter(_pages(target, event, now))
            for page in islice(pages, MOST_PAGES):
                records += (record for record in page if _is_about(record, name, arn))
            if next(pages, None) is not None:
                cut.append(event)
    except (BotoCoreError, ClientError) as error:
        return Seen((), describe_failure(error))
    return Seen(tuple(records), f"only the latest events of {', '.join(cut)} were read" if cut else None)


def _pages(target: Target, event: str, now: datetime) -> Iterator[list[Record]]:
    attribute: Any = {"AttributeKey": "EventName", "AttributeValue": event}
    pages = target.trail.get_paginator("lookup_events").paginate(LookupAttributes=[attribute], StartTime=now - KEPT)
    for page in pages:
        yield [json.loads(found["CloudTrailEvent"]) for found in page["Events"]]


def _is_about(record: Record, name: str, arn: str) -> bool:
    """Tell whether a call that succeeded names the secret: by name, or by ARN with its end or without."""
    asked, told = record.get("requestParameters") or {}, record.get("additionalEventData") or {}
    named = {asked.get("secretId"), asked.get("name"), told.get("SecretId")}
    return record.get("errorCode") is None and bool(named & {name, arn, arn[: -len("-AbCdEf")]})
