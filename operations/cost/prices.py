"""AWS's list prices, in US dollars before tax and without any discount.

Figures change: each has the page that AWS changes it on, and the day on which it was written down here. AWS's pages
show their figures to browsers only, so they were looked up in public copies and price lists; ``seen_in`` says for
which regions one was found. docs/costs.md lists the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from operations.errors import OperationError

WRITTEN_DOWN = date(2026, 11, 25)

REGIONS = ("us-east-1", "eu-central-1", "eu-west-1")
"""Regions whose prices are known, in the order of the figures below."""


class Item(StrEnum):
    """What is paid for."""

    SECRET = "secrets"  # noqa: S105 - what is paid for
    SECRET_CALLS = "calls of Secrets Manager"  # noqa: S105 - likewise
    KEY = "KMS keys"
    KEY_CALLS = "calls of KMS"
    METRIC = "metrics"
    ALARM = "metrics watched by alarms"
    DASHBOARD = "dashboards"
    LOGS_WRITTEN = "logs written"
    LOGS_KEPT = "logs kept"
    LOGS_QUERIED = "logs queried"
    INVOCATIONS = "invocations of functions"
    COMPUTING = "time of functions"
    EVENTS = "events of our own"
    SCHEDULED = "invocations by schedules"
    PUBLISHED = "messages to topics"
    EMAILS = "messages by e-mail"
    TABLE_WRITES = "writes to tables"
    QUEUED = "calls of queues"
    FILES_KEPT = "files kept"
    FILES_WRITTEN = "files written"
    ENDPOINT_HOURS = "hours of the endpoint"
    ENDPOINT_BYTES = "traffic of the endpoint"


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What one item costs.

    Attributes:
        unit: What the price is for.
        usd: US dollars for one unit, in the order of REGIONS.
        page: Where AWS says so.
        seen_in: Regions for which a public source with the same figure was found.
    """

    unit: str
    usd: tuple[float, float, float]
    page: str
    seen_in: tuple[str, ...] = ()

    def in_region(self, region: str) -> float:
        """Return the price in a region.

        Raises:
            OperationError: It is not known.
        """
        if region not in REGIONS:
            raise OperationError(
                f"region is {region!r}; prices are known for {', '.join(REGIONS)}: add its figures to "
                "operations/cost/prices.py"
            )
        return self.usd[REGIONS.index(region)]


def _everywhere(unit: str, usd: float, page: str, *seen_in: str) -> Price:
    return Price(unit=unit, usd=(usd, usd, usd), page=page, seen_in=seen_in)


_CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/"
_DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
_EVENTBRIDGE = "https://aws.amazon.com/eventbridge/pricing/"
_KMS = "https://aws.amazon.com/kms/pricing/"
_LAMBDA = "https://aws.amazon.com/lambda/pricing/"
_PRIVATELINK = "https://aws.amazon.com/privatelink/pricing/"
_S3 = "https://aws.amazon.com/s3/pricing/"
_SECRETS_MANAGER = "https://aws.amazon.com/secrets-manager/pricing/"
_SNS = "https://aws.amazon.com/sns/pricing/"
_SQS = "https://aws.amazon.com/sqs/pricing/"
_US = "us-east-1"
_FRANKFURT = "eu-central-1"

PRICES: Mapping[Item, Price] = {
    Item.SECRET: _everywhere("secret", 0.40, _SECRETS_MANAGER, _US, _FRANKFURT),
    Item.SECRET_CALLS: _everywhere("10,000", 0.05, _SECRETS_MANAGER, _US),
    Item.KEY: _everywhere("key", 1.00, _KMS, *REGIONS),
    Item.KEY_CALLS: _everywhere("10,000", 0.03, _KMS, _US),
    Item.METRIC: _everywhere("metric", 0.30, _CLOUDWATCH, _US),
    Item.ALARM: _everywhere("metric", 0.10, _CLOUDWATCH, _US, "eu-west-1"),
    Item.DASHBOARD: _everywhere("dashboard", 3.00, _CLOUDWATCH, _US),
    Item.LOGS_WRITTEN: Price(unit="GB", usd=(0.50, 0.63, 0.57), page=_CLOUDWATCH, seen_in=(_US, _FRANKFURT)),
    Item.LOGS_KEPT: Price(unit="GB", usd=(0.03, 0.0324, 0.03), page=_CLOUDWATCH, seen_in=(_US,)),
    Item.LOGS_QUERIED: Price(unit="GB", usd=(0.005, 0.0063, 0.0057), page=_CLOUDWATCH, seen_in=(_US,)),
    Item.INVOCATIONS: _everywhere("million", 0.20, _LAMBDA, _US),
    Item.COMPUTING: _everywhere("GB-second on arm64", 0.0000133334, _LAMBDA, _US),
    Item.EVENTS: _everywhere("million", 1.00, _EVENTBRIDGE, _US),
    Item.SCHEDULED: _everywhere("million", 1.00, _EVENTBRIDGE, _US),
    Item.PUBLISHED: _everywhere("million", 0.50, _SNS, _US),
    Item.EMAILS: _everywhere("100,000", 2.00, _SNS, _US),
    Item.TABLE_WRITES: Price(unit="million", usd=(0.625, 0.7625, 0.70675), page=_DYNAMODB),
    Item.QUEUED: _everywhere("million", 0.40, _SQS),
    Item.FILES_KEPT: Price(unit="GB", usd=(0.023, 0.0245, 0.023), page=_S3, seen_in=REGIONS),
    Item.FILES_WRITTEN: Price(unit="1,000", usd=(0.005, 0.0054, 0.005), page=_S3),
    Item.ENDPOINT_HOURS: Price(
        unit="hour and subnet", usd=(0.01, 0.012, 0.011), page=_PRIVATELINK, seen_in=(_US, _FRANKFURT)
    ),
    Item.ENDPOINT_BYTES: _everywhere("GB", 0.01, _PRIVATELINK, *REGIONS),
}
