"""docs/threat-model.md names tests that exist, also for each item of the customer's lists about access."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DOCUMENT = (PROJECT / "docs" / "threat-model.md").read_text(encoding="utf-8")
SEED = ("seed, Access Control", "seed, AWS Credentials")


def missing(document: str) -> list[str]:
    """Return the tests that *document* names and that do not exist."""
    return [
        f"{path}::{name}"
        for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", document)
        if not (PROJECT / path).exists() or f"def {name}(" not in (PROJECT / path).read_text(encoding="utf-8")
    ]


def test_every_named_test_exists() -> None:
    assert missing(DOCUMENT) == []


def test_a_test_is_missed_when_it_does_not_exist() -> None:
    assert missing("`tests/unit/test_threat_model.py::test_nothing`") == [
        "tests/unit/test_threat_model.py::test_nothing"
    ]


def test_every_control_names_its_test_or_says_that_there_is_none_yet() -> None:
    rows = DOCUMENT.partition("| control | source | test |\n|---|---|---|\n")[2].splitlines()

    assert len(rows) > 20
    assert [row for row in rows if "::test_" not in row and "| none yet: " not in row] == []


def test_every_item_of_the_customers_document_names_its_test() -> None:
    rows = [line for line in DOCUMENT.splitlines() if any(f"| {source}" in line for source in SEED)]

    assert len(rows) == 5
    assert all("::test_" in row for row in rows)
