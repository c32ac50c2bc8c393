"""Each item has a price, and each price a source."""

from operations.cost.prices import PRICES, REGIONS, Item


def test_each_item_has_a_price_above_zero_and_a_page_of_aws_in_each_region() -> None:
    assert set(PRICES) == set(Item)
    for price in PRICES.values():
        assert all(price.in_region(region) > 0 for region in REGIONS)
        assert price.page.startswith("https://aws.amazon.com/")
        assert set(price.seen_in) <= set(REGIONS)
