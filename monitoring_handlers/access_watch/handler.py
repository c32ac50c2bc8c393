"""Lambda's entry point for the function that watches who reads secrets."""

import functools
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3

from monitoring_handlers.access_watch.matrix import FILE, Matrix
from monitoring_handlers.access_watch.memory import TableMemory
from monitoring_handlers.access_watch.settings import WatchSettings
from monitoring_handlers.access_watch.subscription import records_in
from monitoring_handlers.access_watch.watch import Watch
from monitoring_handlers.aliases import watched_keys
from monitoring_handlers.metrics import embedded_metrics
from monitoring_handlers.sending import send
from monitoring_handlers.telling import tell
from monitoring_handlers.watched import Watched

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


class UnreadRecordsError(Exception):
    """Some records could not be read; what the others tell was sent."""


def handler(event: Mapping[str, Any], context: Any) -> None:  # noqa: ANN401 - Lambda's context has no type
    """Judge the records that CloudWatch Logs sends, and put what they tell on the default event bus.

    A batch that fails comes again, twice: what was told already is told again, and alerting folds it.
    """
    account = context.invoked_function_arn.split(":")[4]
    tell(lambda line: _watch(event, account, line))


def _watch(event: Mapping[str, Any], account: str, line: dict[str, object]) -> None:
    _aliases.cache_clear()
    judged = _the_watch(account).judge(records_in(event))
    send(_events(), judged.findings)
    line["findings"] = [found.alert for found in judged.findings]
    line.update(embedded_metrics(_matrix().environment, judged.counts))
    if judged.unread:
        raise UnreadRecordsError


@functools.cache
def _events() -> "EventBridgeClient":
    return boto3.client("events")


@functools.cache
def _matrix() -> Matrix:
    return Matrix.parse(FILE.read_text(encoding="utf-8"))


@functools.cache
def _the_watch(account: str) -> Watch:
    """Return the judge, made once per execution environment: what it has learned stays in memory."""
    settings, matrix = WatchSettings.from_environment(os.environ), _matrix()
    watched = Watched(
        environment=matrix.environment,
        stack=settings.stack,
        account=account,
        region=settings.region,
        trail=settings.trail,
        trail_log_group=settings.trail_log_group,
        keys=lambda: _aliases((settings.region, settings.recovery_region), matrix.environment),
    )
    return Watch(matrix, watched, TableMemory(boto3.client("dynamodb"), settings.table))


@functools.cache
def _aliases(regions: tuple[str, ...], environment: str) -> dict[str, str]:
    """Return the aliases of the keys in *regions* by the keys' ids; asked once an invocation at most."""
    found: dict[str, str] = {}
    for region in regions:
        found |= watched_keys(boto3.client("kms", region_name=region), environment)
    return found
