"""Show who may do what to which secret."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from operations.access import PAGE, read_page, select
from operations.commands.options import JsonOption, app
from operations.output import out, print_json


@app.command("access")
def access_command(
    environment: Annotated[
        str | None, typer.Option("--environment", "-e", help="One environment alone.", show_default=False)
    ] = None,
    secret: Annotated[
        str | None,
        typer.Option("--secret", help="Who may do what to it; such as database/credentials.", show_default=False),
    ] = None,
    principal: Annotated[
        str | None, typer.Option("--principal", help="What it may do; such as operator.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show who may do what to which secret, and as whom, as the reviewed templates say. Asks AWS nothing."""
    text = PAGE.read_text(encoding="utf-8")
    if not as_json and environment is None and secret is None and principal is None:
        out.print(text, markup=False, soft_wrap=True)
        return
    found = select(read_page(text), environment=environment, secret=secret, principal=principal)
    if as_json:
        print_json(asdict(found))
        return
    if found.secrets:
        rows = [(row.environment, row.secret, row.who, ", ".join(row.may)) for row in found.secrets]
        _print(("Environment", "Secret", "Who"), ("May",), rows)
    people = [(each.environment, each.who, each.taken_on_by, ", ".join(each.besides)) for each in found.principals]
    _print(("Environment", "Who"), ("Is taken on by", "And may besides"), people)


def _print(names: Sequence[str], texts: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, in which names stand whole and texts may go on in the next line."""
    table = Table()
    for heading in names:
        table.add_column(heading, no_wrap=True)
    for heading in texts:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)
