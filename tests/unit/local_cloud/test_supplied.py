import ast
from pathlib import Path

import pytest

from local_cloud.supplied import SUPPLIED
from local_cloud.supplied.row import Supplied

FOLDER = Path(__file__).parent


def _has_test(row: Supplied) -> bool:
    file, _, name = row.test.partition("::")
    tree = ast.parse((FOLDER / file).read_text(encoding="utf-8"))
    return any(isinstance(each, ast.FunctionDef) and each.name == name for each in tree.body)


@pytest.mark.parametrize("row", SUPPLIED, ids=lambda row: row.test.partition("::")[2])
def test_behaviour_has_a_test_when_it_is_supplied(row: Supplied) -> None:
    assert _has_test(row)


def test_missing_test_is_noticed_when_a_row_names_one() -> None:
    assert not _has_test(Supplied("x", "https://docs.aws.amazon.com", "test_supplied.py::test_of_nothing"))


def test_source_is_a_document_when_a_behaviour_is_supplied() -> None:
    assert [row for row in SUPPLIED if not row.source.startswith("https://docs.aws.amazon.com/")] == []


def test_no_behaviour_is_listed_twice_when_the_table_is_read() -> None:
    assert len({row.behaviour for row in SUPPLIED}) == len(SUPPLIED)
