"""Send findings to the account's default bus, from which alerting hears of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitoring_handlers.findings import Finding, batches

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


class NotSentError(Exception):
    """EventBridge did not take all findings; sending them again tells nobody twice, since alerting folds."""


def send(client: "EventBridgeClient", found: Sequence[Finding]) -> None:
    """Send *found*.

    Raises:
        NotSentError: Some were not taken.
    """
    failed = sum(client.put_events(Entries=entries)["FailedEntryCount"] for entries in batches(found))
    if failed:
        raise NotSentError(f"{failed} of {len(found)} findings were not taken")
