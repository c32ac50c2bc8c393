"""Show who may do what to which secret."""

from dataclasses import asdict
from typing import Annotated

import typer
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
    """Show who may do what to which secret, as the reviewed templates say. Asks AWS nothing."""
    text = PAGE.read_text(encoding="utf-8")
    if not as_json and environment is None and secret is None and principal is None:
        out.print(text, markup=False, soft_wrap=True)
        return
    found = select(read_page(text), environment=environment, secret=secret, principal=principal)
    if as_json:
        print_json([asdict(row) for row in found])
        return
    table = Table("Environment")
    for heading in ("Secret", "Who"):
        table.add_column(heading, no_wrap=True)
    table.add_column("May")
    for row in found:
        table.add_row(row.environment, row.secret, row.who, ", ".join(row.may))
    out.print(table)
