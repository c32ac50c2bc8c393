"""What watches an environment, as the command line sees it: alarms, and who is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from operations.observe import describe_failure
from operations.target import Target

_CONFIRMED = "arn:"
"""How the ARN of a subscription begins; one that waits for its confirmation, or is deleted, has a word in its place
(https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html)."""

_Seen = TypeVar("_Seen")


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """An alarm that is in ALARM.

    Attributes:
        name: Its name.
        alert: Id of its section in docs/runbooks/alerts.md, with which its description begins.
        since: When it was raised.
    """

    name: str
    alert: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of an environment's watching.

    Attributes:
        alarms: How many alarms there are; None if they cannot be seen.
        raised: Those that are in ALARM.
        subscribers: How many confirmed subscriptions the topic of alerts has; None if they cannot be seen.
        pending: Endpoints that have not confirmed theirs.
        unseen: What could not be seen, and why.
    """

    alarms: int | None
    raised: tuple[RaisedAlarm, ...]
    subscribers: int | None
    pending: tuple[str, ...]
    unseen: tuple[str, ...]


def look_at_watching(target: Target) -> Watched:
    """Return what watches the environment of *target*; what the caller may not see is left out, and said.

    Needs ``cloudwatch:DescribeAlarms``, ``sns:ListTopics`` and ``sns:ListSubscriptionsByTopic``.
    """
    unseen: list[str] = []
    alarms = _try("alarms", unseen, lambda: list(_alarms(target)))
    endpoints = _try("subscriptions", unseen, lambda: list(_subscriptions(target)))
    return Watched(
        alarms=None if alarms is None else len(alarms),
        raised=tuple(alarm for alarm in alarms or () if alarm is not None),
        subscribers=None if endpoints is None else sum(confirmed for _, confirmed in endpoints),
        pending=tuple(endpoint for endpoint, confirmed in endpoints or () if not confirmed),
        unseen=tuple(unseen),
    )


def _try(what: str, unseen: list[str], see: Callable[[], _Seen]) -> _Seen | None:
    try:
        return see()
    except (BotoCoreError, ClientError) as error:
        unseen.append(f"{what}: {describe_failure(error)}")
        return None


def _alarms(target: Target) -> Iterator[RaisedAlarm | None]:
    """Yield each alarm of the environment's stack: None for one that is not in ALARM."""
    pages = target.alarms.get_paginator("describe_alarms")
    for page in pages.paginate(AlarmNamePrefix=f"{target.environment.stack_name}-"):
        for alarm in (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ())):
            alert = alarm.get("AlarmDescription", "").partition(":")[0]
            since = alarm.get("StateTransitionedTimestamp") or alarm["StateUpdatedTimestamp"]
            yield RaisedAlarm(alarm["AlarmName"], alert, since) if alarm["StateValue"] == "ALARM" else None


def _subscriptions(target: Target) -> Iterator[tuple[str, bool]]:
    """Yield endpoint of each subscription to the topic of alerts, and whether it is confirmed."""
    topic = next(
        (
            each["TopicArn"]
            for page in target.topics.get_paginator("list_topics").paginate()
            for each in page["Topics"]
            if each["TopicArn"].rpartition(":")[2].startswith(f"{target.environment.stack_name}-Alerts")
        ),
        None,
    )
    if topic is None:
        return
    for page in target.topics.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic):
        for each in page["Subscriptions"]:
            yield each["Endpoint"], each["SubscriptionArn"].startswith(_CONFIRMED)
