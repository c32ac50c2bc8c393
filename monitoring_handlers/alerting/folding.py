"""Repetitions of an alert are counted and not told, so that people go on reading.

A small table keeps one item for each alert, what it is about and who did it: of several secrets all, of a role all its
sessions. So other secrets are another alert, and a hundred servers that are refused the same are one. Where the table
cannot be reached, everything is told.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from monitoring_handlers.findings import Finding

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEEP_SECONDS = 7 * 24 * 3600
"""How long counts wait for the next message, before the table drops them."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """What was counted since the last message.

    Attributes:
        times: How often it happened again; at least once.
        since: When it was told last, as texts show it.
    """

    times: int
    since: str


@dataclass(frozen=True, slots=True)
class Folded:
    """What becomes of an alert.

    Attributes:
        told: Publish it.
        repeated: What to say of repetitions before; None if there were none.
        reached: False when the table could not be asked.
    """

    told: bool
    repeated: Repeated | None = None
    reached: bool = True


class Folding:
    """Counts in a table.

    Args:
        client: boto3 client of DynamoDB.
        table: Its name; its key is ``alert``, its time to live ``expires``.
        clock: Returns seconds since 1970.
    """

    def __init__(self, client: "DynamoDBClient", table: str, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def fold(self, finding: Finding, event_id: str, minutes: int) -> Folded:
        """Return whether to tell *finding*, and count it if not.

        The event that was told last is told again when it comes again: Lambda does so when publishing failed.

        Args:
            finding: What happened.
            event_id: Id of the event that tells of it.
            minutes: How long repetitions are counted after a message.
        """
        try:
            return self._claim(finding, event_id, minutes)
        except (ClientError, BotoCoreError):
            return Folded(told=True, reached=False)

    def _claim(self, finding: Finding, event_id: str, minutes: int) -> Folded:
        now = int(self._clock())
        until = now + minutes * 60
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key={"alert": {"S": _key(finding)}},
                UpdateExpression=(
                    "SET folded_until = :until, told_at = :now, told_event = :event, "
                    "expires = :expires, repeats = :none"
                ),
                ConditionExpression="attribute_not_exists(alert) OR folded_until <= :now OR told_event = :event",
                ExpressionAttributeValues={
                    ":now": {"N": str(now)},
                    ":until": {"N": str(until)},
                    ":event": {"S": event_id},
                    ":expires": {"N": str(until + KEEP_SECONDS)},
                    ":none": {"N": "0"},
                },
                ReturnValues="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            pass
        else:
            before = answer.get("Attributes", {})
            times = int(before["repeats"]["N"]) if before else 0
            since = datetime.fromtimestamp(int(before["told_at"]["N"]), UTC) if before else None
            return Folded(told=True, repeated=Repeated(times, f"{since:%Y-%m-%d %H:%M} UTC") if times else None)
        self._client.update_item(
            TableName=self._table,
            Key={"alert": {"S": _key(finding)}},
            UpdateExpression="ADD repeats :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        return Folded(told=False)


def _key(finding: Finding) -> str:
    """Return what is alike in repetitions. Many names become their hash, since a key has at most 2,048 bytes.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    """
    things = finding.things
    about = things[0] if len(things) == 1 else hashlib.sha256("\n".join(things).encode()).hexdigest()
    return f"{finding.alert} {about} {finding.principal}"
