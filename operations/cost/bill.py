"""The monthly bill of an environment."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from operations.cost.billed import Part, billed, resources
from operations.cost.prices import PRICES, Item
from operations.cost.usage import DAYS, Usage
from operations.review.assembly import Stack


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the bill.

    Attributes:
        part: What it is for.
        item: What is paid for.
        region: Where.
        quantity: How many units.
        unit: What the price is for.
        usd_each: Price of a unit.
    """

    part: Part
    item: Item
    region: str
    quantity: float
    unit: str
    usd_each: float

    @property
    def usd(self) -> float:
        """Return what it costs a month."""
        return self.quantity * self.usd_each


def bill(stacks: Sequence[Stack], usage: Usage) -> list[Line]:
    """Return what *stacks*, those of one environment with its account's, cost each month.

    What belongs to the account, its trail above all, is on the bill of each of its environments.

    Raises:
        OperationError: Something in them, or a region, has no known price.
    """
    counted: defaultdict[tuple[Part, Item, str], float] = defaultdict(float)
    for stack in stacks:
        for resource in resources(stack):
            for item, quantity in billed(resource, usage):
                counted[resource.part, item, stack.region] += quantity
            if resource.type == "AWS::SecretsManager::Secret":
                for replica in resource.properties.get("ReplicaRegions", []):
                    counted[Part.RECOVERY, Item.SECRET, replica["Region"]] += 1
    region, reads = stacks[-1].region, usage.reads_per_day * DAYS / 1e4  # the environment's own stack deploys last
    counted[Part.SECRETS, Item.SECRET_CALLS, region] += reads
    counted[Part.SECRETS, Item.KEY_CALLS, region] += reads
    return [_line(*key, quantity) for key, quantity in sorted(counted.items(), key=_order) if quantity]


def _order(entry: tuple[tuple[Part, Item, str], float]) -> tuple[int, int]:
    part, item, _ = entry[0]
    return list(Part).index(part), list(Item).index(item)


def _line(part: Part, item: Item, region: str, quantity: float) -> Line:
    price = PRICES[item]
    return Line(
        part=part, item=item, region=region, quantity=quantity, unit=price.unit, usd_each=price.in_region(region)
    )


def total(lines: Sequence[Line], part: Part | None = None) -> float:
    """Return what *lines* cost together, or those of one part."""
    return sum(line.usd for line in lines if part is None or line.part is part)
