"""How a command ends: each code that an error has is documented, and no other."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from operations.commands import app
from operations.errors import OperationError
from tests.fakes.operated import OperatedSecret, run_command

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
DONE = 0


def _codes(error: type[OperationError]) -> set[int]:
    return {error.exit_code}.union(*(_codes(each) for each in error.__subclasses__()))


@pytest.mark.parametrize("text", [README, CliRunner().invoke(app, ["--help"]).stdout], ids=["README", "help"])
def test_every_exit_code_is_documented_and_no_other(text: str) -> None:
    told = " ".join(re.sub("[^ -~]", " ", text).split()).partition("Exit codes: ")[2].partition(" interrupted")[0]

    assert {int(code) for code in re.findall(r"\d+", told)} == {DONE, *_codes(OperationError)}


def test_a_question_that_is_answered_with_no_ends_as_documented(operated: OperatedSecret) -> None:
    done = run_command(operated, "rollback", "database/credentials", "--reason", "a leak", given="n\n")

    assert done.exit_code == 1
    assert "1 AWS or the secret stands in the way, or the question was answered with no" in " ".join(README.split())
