"""What the environments cost, computed from their templates, and what docs/costs.md works out by hand."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from config.environments import declared
from operations.cost.bill import Line, bill, total
from operations.cost.billed import Part
from operations.cost.prices import PRICES, REGIONS
from operations.cost.usage import Usage
from operations.review.assembly import Stack, read_stacks

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "costs.md").read_text(encoding="utf-8")
TEN = 10
_FOLDERS = {
    "Rotation": "rotation_handlers",
    "Health": "monitoring_handlers/health",
    "AccessWatch": "monitoring_handlers/access_watch",
    "Alerting": "monitoring_handlers/alerting",
}
MOST_FOR_WATCHING = 15


def _stacks(assembly: Path, environment: str) -> list[Stack]:
    (settings,) = (each for each in declared() if each.name == environment)
    ids = {settings.account.stack_id, settings.stack_name}
    return [
        stack
        for stack in read_stacks(assembly)
        if stack.id in ids or re.fullmatch(rf"{settings.stack_name}(Recovery|Api\d+)", stack.id)
    ]


@pytest.fixture(scope="module")
def ten(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """The bill of Prod with ten secrets: the declared ones, and as many more like the first API key as it takes."""
    stacks = _stacks(assembly, "Prod")
    number, shard = next((number, stack) for number, stack in enumerate(stacks) if stack.id.endswith("Api01"))
    template = dict(shard.read_template())
    secret = next(each for each in template["Resources"].values() if each["Type"] == "AWS::SecretsManager::Secret")
    have = sum(json.dumps(stack.read_template()).count('"AWS::SecretsManager::Secret"') for stack in stacks)
    more = [f"More{number}" for number in range(TEN - have)]
    template["Resources"] = {**template["Resources"], **dict.fromkeys(more, secret)}
    notes = shard.template_file.with_name(f"{shard.id}.metadata.json")
    paths = json.loads(notes.read_text(encoding="utf-8"))
    paths |= {f"/{shard.id}/Service-{name}": [{"type": "aws:cdk:logicalId", "data": name}] for name in more}
    folder = tmp_path_factory.mktemp("ten")
    (folder / notes.name).write_text(json.dumps(paths), encoding="utf-8")
    file = folder / shard.template_file.name
    file.write_text(json.dumps(template), encoding="utf-8")
    stacks[number] = replace(shard, template_file=file)
    return bill(stacks, Usage())


@pytest.mark.parametrize("environment", [each.name for each in declared()])
def test_everything_has_a_price(assembly: Path, environment: str) -> None:
    assert total(bill(_stacks(assembly, environment), Usage())) > 0


def test_prod_with_ten_secrets_has_ten(ten: list[Line]) -> None:
    assert [line.quantity for line in ten if line.item == "secrets" and line.part is Part.SECRETS] == [TEN]


def test_watching_ten_secrets_costs_no_more_than_15_dollars(ten: list[Line]) -> None:
    assert total(ten, Part.WATCHING) <= MOST_FOR_WATCHING


@pytest.mark.parametrize("part", Part)
def test_the_total_worked_by_hand_is_the_computed_one(ten: list[Line], part: Part) -> None:
    section = PAGE.partition(f"### {part.capitalize()}\n")[2].partition("###")[0]
    amounts = [float(text) for text in re.findall(r"^\|.*\| (\d+\.\d\d) \|$", section, re.MULTILINE)]
    said = float(re.search(r"\*\*(\d+\.\d\d)\*\*", section).group(1))  # type: ignore[union-attr]

    assert sum(amounts) == pytest.approx(said, abs=0.001)
    # Each line is rounded to a cent, and lines of less are left out.
    assert said == pytest.approx(total(ten, part), abs=0.05), f"computed: {_worked(ten, part)}"


def _worked(lines: list[Line], part: Part) -> list[tuple[str, float, float]]:
    return [(line.item, round(line.quantity, 3), round(line.usd, 3)) for line in lines if line.part is part]


def test_prices_for_which_no_public_source_was_found_are_told() -> None:
    unseen = {item: [region for region in REGIONS if region not in price.seen_in] for item, price in PRICES.items()}

    told = PAGE.partition("## Not confirmed")[2]
    rows = dict(re.findall(r"^\| ([\w, -]+) \| ([a-z0-9, -]+) \|$", told, re.MULTILINE))
    rows.pop("item", None)
    assert rows == {str(item): ", ".join(regions) for item, regions in unseen.items() if regions}


@pytest.mark.parametrize("name", Usage().functions)
def test_metrics_that_are_assumed_are_the_ones_that_the_functions_name(name: str) -> None:
    folder = PROJECT / _FOLDERS[name]
    told = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))

    # A function that is not there yet makes no metrics.
    missing = [metric for metric in Usage().functions[name].metrics if f'"{metric}"' not in told]
    assert missing == [] or not list(folder.rglob("handler.py")), f"nothing in {folder.name} names them"
