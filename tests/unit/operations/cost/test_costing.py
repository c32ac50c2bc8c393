"""What ``./alees-secrets cost`` prints, and what it refuses."""

import json

import pytest
from typer.testing import CliRunner

from operations.commands import app
from operations.commands.costing import show_bill
from operations.cost.bill import Line
from operations.cost.billed import Part
from operations.cost.prices import Item
from operations.errors import UsageError

LINES = [
    Line(part=Part.SECRETS, item=Item.SECRET, region="us-east-1", quantity=10, unit="secret", usd_each=0.4),
    Line(
        part=Part.SECRETS, item=Item.COMPUTING, region="us-east-1", quantity=3, unit="GB-second", usd_each=0.0000133334
    ),
    Line(part=Part.WATCHING, item=Item.ALARM, region="us-east-1", quantity=3, unit="metric", usd_each=0.1),
]


def test_totals_of_the_parts_and_of_all_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    show_bill("Prod", LINES, as_json=False)

    rows = [
        [cell.strip() for cell in row.split("│")[1:-1]] for row in capsys.readouterr().out.splitlines() if "│" in row
    ]
    assert rows[:3] == [
        ["secrets", "10.00", "0.4 / secret", "4.00"],
        ["1 more, each less than a cent", "", "", "0.00"],
        ["secrets, us-east-1", "", "", "4.00"],
    ]
    assert [row for row in rows if row[0] in {"watching, us-east-1", "together"}] == [
        ["watching, us-east-1", "", "", "0.30"],
        ["together", "", "", "4.30"],
    ]


def test_every_line_is_printed_when_machines_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    show_bill("Prod", LINES, as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert (told["environment"], told["prices_of"]) == ("Prod", "2026-11-25")
    assert [(line["part"], line["item"], line["usd"]) for line in told["lines"]] == [
        ("secrets", "secrets", 4.0),
        ("secrets", "time of functions", 0.0),
        ("watching", "metrics watched by alarms", 0.3),
    ]


@pytest.mark.parametrize("arguments", [[], ["--environment", "Production"]])
def test_environment_is_refused_when_it_is_not_declared(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEES_ENVIRONMENT", raising=False)

    result = CliRunner().invoke(app, ["cost", *arguments])

    assert isinstance(result.exception, UsageError)
    assert "allowed is one of Dev, Staging, Prod, Local" in str(result.exception)
