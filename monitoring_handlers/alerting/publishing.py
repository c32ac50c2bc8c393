"""One event: judged, folded, written and published."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring_handlers.alerting.composing import compose
from monitoring_handlers.alerting.folding import Folding
from monitoring_handlers.alerting.reading import Event, finding_in
from monitoring_handlers.alerting.settings import AlertingSettings
from monitoring_handlers.alerting.texts import TEXTS
from monitoring_handlers.aliases import watched_keys
from monitoring_handlers.watched import Watched

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True, kw_only=True, slots=True)
class Clients:
    """The boto3 clients that alerting works with."""

    sns: "SNSClient"
    dynamodb: "DynamoDBClient"
    kms: "KMSClient"


def alert(
    event: Event,
    settings: AlertingSettings,
    clients: Clients,
    line: dict[str, object],
    clock: Callable[[], float] = time.time,
) -> None:
    """Publish the alert that an event calls for, unless it is a repetition.

    Args:
        event: As EventBridge passes it on. Never logged.
        settings: Where, and of which environment.
        clients: What to do it with.
        line: The log line; gets the alert, what it is about, and what became of it.
        clock: Returns seconds since 1970.

    Raises:
        Exception: It was not published; Lambda tries again, and then sends the event itself to the topic.
    """
    watched = _watched(settings, clients)
    finding = finding_in(event, watched)
    if finding is None:
        line["told"] = "nothing"
        return
    line |= {"alert": finding.alert, "about": finding.about}
    text = TEXTS[finding.alert]
    folded = Folding(clients.dynamodb, settings.table, clock).fold(finding, str(event["id"]), text.fold_minutes)
    if not folded.reached:
        line["folding"] = "the table could not be reached, so repetitions are told"
    line["told"] = "yes" if folded.told else "counted"
    if folded.told:
        message = compose(text, finding, watched, folded.repeated)
        clients.sns.publish(TopicArn=settings.topic_arn, Subject=message.subject, Message=message.body)


def _watched(settings: AlertingSettings, clients: Clients) -> Watched:
    return Watched(
        environment=settings.environment,
        stack=settings.stack,
        account=settings.account,
        region=settings.region,
        trail=settings.trail,
        trail_log_group=settings.trail_log_group,
        keys=lambda: watched_keys(clients.kms, settings.environment),
    )
