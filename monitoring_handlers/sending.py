"""Send findings to the account's default bus, from which alerting hears of them."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitoring_handlers.findings import HEARTBEAT, SOURCE, Finding, batches

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef


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


def beat(client: "EventBridgeClient", environment: str) -> None:
    """Let alerting be invoked once by the rule that findings take; it tells nobody.

    Raises:
        NotSentError: It was not taken.
    """
    entry: PutEventsRequestEntryTypeDef = {
        "Source": SOURCE,
        "DetailType": HEARTBEAT,
        "Detail": json.dumps({"environment": environment}),
    }
    if client.put_events(Entries=[entry])["FailedEntryCount"]:
        raise NotSentError("the heartbeat was not taken")
