"""Move a database in use to rotating logins."""

from collections.abc import Sequence
from typing import Annotated

import typer

from operations.adopt import SECRET, Statement, adopt
from operations.because import because
from operations.commands.options import (
    EnvironmentOption,
    IncidentOption,
    JsonOption,
    YesOption,
    app,
    confirm,
    environment_of,
    explaining,
)
from operations.errors import UsageError
from operations.output import out, print_json


@app.command("adopt")
def adopt_command(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="Role that owns what the ERP uses, such as erp.")],
    environment: EnvironmentOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Run the statements, after a question.")] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why; it is recorded. Needed with --apply.", show_default=False)
    ] = None,
    incident: IncidentOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Move a database that the ERP uses already to owner role and logins; without --apply only show the statements."""
    if as_json and apply and not yes:
        raise UsageError("--json asks no questions; give --yes with --apply")
    if apply and reason is None:
        raise UsageError("--apply needs --reason, which is recorded")
    target = environment_of(context, environment)
    why = because(target, reason, incident) if apply and reason is not None else None
    if why is None or not as_json:
        planned = adopt(target, role, because=None)
        _show_statements(planned, as_json=as_json, applied=False)
        if why is None or not planned:
            return
        confirm([f"Run these {len(planned)} statements in {target.environment.name}."], yes=yes)
    with explaining(
        "the function may go on for a minute, and runs all statements or none; the same command again is safe"
    ):
        done = adopt(target, role, because=why)
    if as_json:
        _show_statements(done, as_json=True, applied=True)
    else:
        out.print(
            f"{len(done)} statements were run; rotate next: ./alees-secrets rotate {SECRET} --reason ...",
            soft_wrap=True,
        )


def _show_statements(statements: Sequence[Statement], *, as_json: bool, applied: bool) -> None:
    if as_json:
        told = [{"sql": statement.sql, "why": statement.why} for statement in statements]
        print_json({"statements": told, "applied": applied})
    elif not statements:
        out.print("Nothing is left to do.")
    for statement in () if as_json else statements:
        out.print(f"{statement.sql};  -- {statement.why}", markup=False, soft_wrap=True)
