"""Whether alerts reach anybody, and whether the trail is alive."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from monitoring_handlers.health.surroundings import find_missing_subscriptions, find_silent_trail
from tests.unit.alees_secrets.test_health import NOW

TOPIC = "arn:aws:sns:eu-central-1:111122223333:AleesSecretsProd-Alerts"
TRAIL = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/alees-secrets"
CONFIRMED = f"{TOPIC}:11111111-2222-3333-4444-555555555555"


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What makes clients that reach nothing."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "moto")
    with mock_aws():
        yield boto3.Session(region_name="eu-central-1")


def _subscribed(clients: Any, *declared: str, stale: str = "", **arns: str) -> list[tuple[str, str]]:
    """Return what is found; *stale* is an endpoint of which there is an entry more, of a subscription that is gone."""
    client = clients.client("sns")
    subscriptions = [{"Endpoint": endpoint, "SubscriptionArn": arn} for endpoint, arn in arns.items()]
    subscriptions += [{"Endpoint": stale, "SubscriptionArn": "Deleted"}] if stale else []
    with Stubber(client) as stubber:
        stubber.add_response("list_subscriptions_by_topic", {"Subscriptions": subscriptions}, {"TopicArn": TOPIC})
        found = list(find_missing_subscriptions(client, TOPIC, declared, "prod", NOW))
    assert {each.alert for each in found} <= {"subscription-missing"}
    return [(each.about, str(each.facts["problem"])) for each in found]


NOBODY = (TOPIC, "has no confirmed subscription, so that alerts reach nobody")


def test_nothing_is_found_when_everybody_has_confirmed(clients: Any) -> None:
    assert _subscribed(clients, "ops", ops=CONFIRMED) == []


def test_nothing_is_found_when_an_older_subscription_of_the_endpoint_is_gone(clients: Any) -> None:
    assert _subscribed(clients, "ops", ops=CONFIRMED, stale="ops") == []


def test_somebody_else_who_has_not_confirmed_is_nobodys_business(clients: Any) -> None:
    assert _subscribed(clients, "ops", ops=CONFIRMED, other="PendingConfirmation") == []


def test_a_declared_endpoint_is_named_when_it_is_pending_or_gone(clients: Any) -> None:
    found = _subscribed(clients, "ops", "chat", "gone", ops=CONFIRMED, chat="PendingConfirmation")

    assert found == [("chat", "has not confirmed its subscription"), ("gone", "is not subscribed any more")]


def test_the_topic_is_named_when_nobody_is_told(clients: Any) -> None:
    assert _subscribed(clients) == [NOBODY]
    assert _subscribed(clients, ops="PendingConfirmation") == [NOBODY]


def _trail(clients: Any, **status: object) -> list[tuple[str, str, str]]:
    client = clients.client("cloudtrail")
    with Stubber(client) as stubber:
        stubber.add_response("get_trail_status", status, {"Name": TRAIL})
        return [
            (each.alert, each.about, str(each.facts["problem"]))
            for each in find_silent_trail(client, TRAIL, "prod", NOW)
        ]


def test_nothing_is_found_when_the_trail_is_logging(clients: Any) -> None:
    assert _trail(clients, IsLogging=True) == []


def test_a_trail_is_silent_when_it_is_stopped_or_cannot_deliver(clients: Any) -> None:
    assert _trail(clients, IsLogging=False) == [("trail-silent", TRAIL, "is stopped")]
    assert _trail(clients, IsLogging=True, LatestDeliveryError="AccessDenied") == [
        ("trail-silent", TRAIL, "cannot deliver (LatestDeliveryError: AccessDenied)")
    ]
    assert _trail(clients, IsLogging=True, LatestCloudWatchLogsDeliveryError="Access denied") == [
        ("trail-silent", TRAIL, "cannot deliver (LatestCloudWatchLogsDeliveryError: Access denied)")
    ]


@pytest.mark.parametrize("way", ["Latest", "LatestCloudWatchLogs"])
def test_an_error_counts_while_nothing_was_delivered_for_two_hours(clients: Any, way: str) -> None:
    status = {"IsLogging": True, f"{way}DeliveryError": "AccessDenied"}

    assert _trail(clients, **status, **{f"{way}DeliveryTime": NOW - timedelta(hours=2)}) == []
    assert _trail(clients, **status, **{f"{way}DeliveryTime": NOW - timedelta(hours=2, minutes=1)}) == [
        ("trail-silent", TRAIL, f"cannot deliver ({way}DeliveryError: AccessDenied)")
    ]


def test_a_trail_is_silent_when_it_is_gone(clients: Any) -> None:
    (found,) = find_silent_trail(clients.client("cloudtrail"), TRAIL, "prod", NOW)

    assert (found.alert, found.facts) == ("trail-silent", {"problem": "does not exist"})
