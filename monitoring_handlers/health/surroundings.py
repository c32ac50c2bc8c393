"""Whether alerts reach anybody, and whether the trail that they live by is alive."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitoring_handlers.findings import Finding

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_sns import SNSClient

_NEVER = datetime.min.replace(tzinfo=UTC)

_CONFIRMED = "arn:"
"""How the ARN of a confirmed subscription begins; another's says that it is pending
(https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html)."""

_DELIVERIES = {
    "LatestDeliveryError": "LatestDeliveryTime",
    "LatestCloudWatchLogsDeliveryError": "LatestCloudWatchLogsDeliveryTime",
}
"""What CloudTrail says when it could not deliver, and when it last could
(https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html)."""

_DELIVERED = timedelta(hours=2)
"""How long an error may be the latest: AWS does not say that a delivery takes it away, and there is one each hour."""


def find_missing_subscriptions(
    client: "SNSClient", topic_arn: str, declared: Sequence[str], environment: str, now: datetime
) -> Iterator[Finding]:
    """Yield a finding for each declared endpoint that alerts do not reach; for the topic if they reach nobody.

    Args:
        client: boto3 client of SNS.
        topic_arn: The topic of alerts.
        declared: Endpoints that configuration subscribes.
        environment: Lower-case name.
        now: Aware.
    """
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    found = [(each["Endpoint"], each["SubscriptionArn"]) for page in pages for each in page["Subscriptions"]]
    confirmed = {endpoint for endpoint, arn in found if arn.startswith(_CONFIRMED)}
    known = {endpoint for endpoint, _ in found}
    problems = {
        endpoint: "has not confirmed its subscription" if endpoint in known else "is not subscribed any more"
        for endpoint in declared
        if endpoint not in confirmed
    }
    if not confirmed:
        problems[topic_arn] = "has no confirmed subscription, so that alerts reach nobody"
    for about, problem in problems.items():
        yield _finding("subscription-missing", environment, about, problem, now)


def find_silent_trail(client: "CloudTrailClient", trail_arn: str, environment: str, now: datetime) -> Iterator[Finding]:
    """Yield a finding if the trail is gone, stopped, or cannot deliver."""
    try:
        status = client.get_trail_status(Name=trail_arn)
    except client.exceptions.TrailNotFoundException:
        problem: str | None = "does not exist"
    else:
        errors = "; ".join(_errors(status, now))
        problem = "is stopped" if not status["IsLogging"] else f"cannot deliver ({errors})" if errors else None
    if problem is not None:
        yield _finding("trail-silent", environment, trail_arn, problem, now)


def _errors(status: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """Yield the errors after which nothing was delivered for some time, or ever."""
    for name, delivered in _DELIVERIES.items():
        if status.get(name) and now - status.get(delivered, _NEVER) > _DELIVERED:
            yield f"{name}: {status[name]}"


def _finding(alert: str, environment: str, about: str, problem: str, now: datetime) -> Finding:
    return Finding(alert=alert, environment=environment, about=about, at=now, facts={"problem": problem})
