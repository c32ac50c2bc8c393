"""What has to be remembered between invocations, many of which may run at a time: a table of DynamoDB.

Each question is one write that is atomic by itself, so that no two invocations can both have missed a thing. What was
answered before and can never change is kept in the execution environment.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FORGET_AFTER = timedelta(days=1)
"""Counts are of minutes; DynamoDB deletes what has expired within days."""


class Memory(Protocol):
    """Answers what single records cannot."""

    def first_seen(self, what: str, at: datetime) -> datetime:
        """Return when *what* was seen first; *at* if that is now, for a second try of the same record too."""
        ...

    def count(self, what: str, times: int, until: datetime) -> int:
        """Add *times* to how often *what* was seen, and return the sum; it may be forgotten after *until*."""
        ...


class TableMemory:
    """Remembers in a table whose partition key is ``id`` and whose time to live is ``expires``.

    Args:
        client: DynamoDB.
        table: Name of the table.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._known: dict[str, datetime] = {}

    def first_seen(self, what: str, at: datetime) -> datetime:
        """Return when *what* was seen first; asked of the table once in each execution environment."""
        if what in self._known:
            return self._known[what]
        answer = self._client.update_item(
            TableName=self._table,
            Key={"id": {"S": f"seen#{what}"}},
            UpdateExpression="SET #at = if_not_exists(#at, :at)",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues={":at": {"S": at.isoformat()}},
            ReturnValues="ALL_NEW",
        )
        first = datetime.fromisoformat(answer["Attributes"]["at"]["S"])
        # The same record may come again after a failure, and must be told again then.
        if first != at:
            self._known[what] = first
        return first

    def count(self, what: str, times: int, until: datetime) -> int:
        """Add to a count in the table. A record that comes twice counts twice."""
        answer = self._client.update_item(
            TableName=self._table,
            Key={"id": {"S": f"count#{what}"}},
            UpdateExpression="ADD #times :times SET #expires = :expires",
            ExpressionAttributeNames={"#times": "times", "#expires": "expires"},
            ExpressionAttributeValues={
                ":times": {"N": str(times)},
                ":expires": {"N": str(round((until + _FORGET_AFTER).timestamp()))},
            },
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["times"]["N"])
