"""docs/unverified.md and the checks say the same."""

import re
from pathlib import Path

import pytest

from tests.prove.checks.registry import CHECKS

DOCUMENT = Path(__file__).parents[3] / "docs" / "unverified.md"
PERSON = "a person: "


def _unexplained(document: str) -> list[str]:
    """Return rows whose last cell neither names checks nor says why a person must look."""
    names = {check.name for check in CHECKS}
    return [
        row
        for row, cell in _rows(document)
        if not cell.startswith(PERSON) and (not _names(cell) or not set(_names(cell)) <= names)
    ]


def _unlisted(document: str) -> set[str]:
    listed = {name for _, cell in _rows(document) if not cell.startswith(PERSON) for name in _names(cell)}
    return {check.name for check in CHECKS} - listed


def _rows(document: str) -> list[tuple[str, str]]:
    lines = [line for line in document.splitlines() if line.startswith("|")][2:]
    return [(line, line.strip("| ").rpartition(" | ")[2]) for line in lines]


def _names(cell: str) -> list[str]:
    return re.findall(r"`([a-z-]+)`", cell)


def test_every_row_names_a_check_or_says_why_a_person_must_look() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")

    assert len(_rows(document)) >= len(CHECKS)
    assert _unexplained(document) == []


def test_every_check_is_in_the_table() -> None:
    assert _unlisted(DOCUMENT.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("cell", ["the deployment itself", "`no-such-check`", "`first-rotations`, `no-such-check`"])
def test_row_is_found_when_it_names_no_check(cell: str) -> None:
    row = f"| a | b | {cell} |"

    assert _unexplained(f"| h | h | h |\n|---|---|---|\n{row}") == [row]


def test_check_is_found_when_no_row_names_it() -> None:
    assert _unlisted("| h | h | h |\n|---|---|---|\n| a | b | a person: `first-rotations` |") == {
        c.name for c in CHECKS
    }
