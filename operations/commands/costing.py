"""Show what an environment costs a month."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table
from rich.text import Text

from config.environments import declared
from config.errors import ConfigError
from operations.commands.options import EnvironmentOption, JsonOption, app
from operations.cost.bill import Line, bill, total
from operations.cost.billed import Part
from operations.cost.prices import WRITTEN_DOWN
from operations.cost.usage import Usage
from operations.errors import UsageError
from operations.output import err, out, print_json
from operations.review.assembly import read_stacks
from operations.review.cdk import synthesize

PROJECT = Path(__file__).parents[2]

_CENT = 0.01


@app.command("cost")
def cost_command(environment: EnvironmentOption = None, as_json: JsonOption = False) -> None:
    """Show what an environment costs a month, computed from its templates and AWS's list prices. Asks AWS nothing."""
    name = _declared_name(environment or os.environ.get("ALEES_ENVIRONMENT"))
    with tempfile.TemporaryDirectory(prefix="alees-cost-") as folder:
        with err.status(Text(f"Synthesizing {name}")):
            synthesize(PROJECT, name, Path(folder))
        lines = bill(read_stacks(Path(folder)), Usage())
    show_bill(name, lines, as_json=as_json)


def show_bill(name: str, lines: Sequence[Line], *, as_json: bool) -> None:
    """Print the bill of the environment *name*."""
    if as_json:
        print_json({"environment": name, "prices_of": str(WRITTEN_DOWN), "lines": [_plain(line) for line in lines]})
    else:
        out.print(cost_table(name, lines))
        out.print("What is assumed, and what is left out: docs/costs.md", markup=False)


def _declared_name(wanted: str | None) -> str:
    try:
        names = {environment.slug: environment.name for environment in declared()} | {"local": "Local"}
    except ConfigError as error:
        problem = str(error)
    else:
        if wanted is not None and wanted.lower() in names:
            return names[wanted.lower()]
        problem = f"environment is {wanted!r}; allowed is one of {', '.join(names.values())}: --environment Prod"
    raise UsageError(problem)


def _plain(line: Line) -> dict[str, object]:
    return {**asdict(line), "usd": round(line.usd, 4)}


def cost_table(name: str, lines: Sequence[Line]) -> Table:
    """Return the bill as people read it: what costs less than a cent is one line in each part."""
    table = Table(title=f"{name}, US dollars a month at the list prices of {WRITTEN_DOWN}", title_justify="left")
    table.add_column("What", no_wrap=True)
    for heading in ("How many", "At", "Dollars"):
        table.add_column(heading, justify="right", no_wrap=True)
    for part in Part:
        own = [line for line in lines if line.part is part]
        small = [line for line in own if line.usd < _CENT]
        for line in (line for line in own if line not in small):
            price = f"{line.usd_each:.10f}".rstrip("0").rstrip(".")
            table.add_row(line.item, f"{line.quantity:,.2f}", f"{price} / {line.unit}", _usd(line.usd))
        table.add_row(f"{len(small)} more, each less than a cent", "", "", _usd(total(small)))
        regions = ", ".join(sorted({line.region for line in own}))
        table.add_row(f"[bold]{part}[/], {regions}", "", "", f"[bold]{_usd(total(own))}[/]", end_section=True)
    table.add_row("[bold]together[/]", "", "", f"[bold]{_usd(total(lines))}[/]")
    return table


def _usd(amount: float) -> str:
    return f"{amount:.2f}"
