"""See how secrets are."""

from datetime import UTC, datetime

import typer

from operations.commands.options import EnvironmentOption, JsonOption, app, environment_of
from operations.observe import secret_statuses
from operations.output import out, print_json, status_table


@app.command()
def status(
    context: typer.Context,
    environment: EnvironmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every secret: kind, last rotation, next due, and what is wrong."""
    target, now = environment_of(context, environment), datetime.now(UTC)
    statuses = secret_statuses(target, now)
    if as_json:
        print_json(
            [
                {
                    "path": status.path,
                    "kind": status.kind,
                    "state": status.state,
                    "last_rotated": status.last_rotated,
                    "next_rotation": status.next_rotation,
                }
                for status in statuses
            ]
        )
    else:
        out.print(status_table(f"Secrets of {target.environment.name}", statuses, now))
