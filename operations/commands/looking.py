"""See how secrets are."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import typer
from rich.markup import escape
from rich.table import Table

from operations.commands.options import EnvironmentOption, JsonOption, NameArgument, app, environment_of
from operations.history import history
from operations.observe import SecretStatus, secret_statuses
from operations.output import err, out, print_json
from operations.status_text import status_table, watching_lines
from operations.watched import look_at_watching

_DAY = timedelta(days=1)


@app.command()
def status(
    context: typer.Context,
    environment: EnvironmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every secret: kind, age, next rotation and what is wrong; then access, rotation, health and alarms.

    Ends with 0 whatever is wrong: alerts tell of that.
    """
    target, now = environment_of(context, environment), datetime.now(UTC)
    statuses = secret_statuses(target, now)
    watched = look_at_watching(target)
    if as_json:
        secrets = [_plain(status, now) for status in statuses]
        print_json({"environment": target.environment.name, "secrets": secrets, "watching": asdict(watched)})
        return
    out.print(status_table(f"Secrets of {target.environment.name}", statuses, now))
    lines = Table.grid(padding=(0, 2))
    for heading, text in watching_lines(statuses, watched, now):
        lines.add_row(heading, text)
    out.print(lines)


@app.command()
def show(
    context: typer.Context,
    path: NameArgument,
    environment: EnvironmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the life of one secret: made, rotated, set by hand, revoked, deleted; when, by whom and why."""
    target, now = environment_of(context, environment), datetime.now(UTC)
    with err.status(f"{path}: asking the trail"):
        found = history(target, path, now)
    if as_json:
        print_json({"path": path, "events": [asdict(each) for each in found.events], "problem": found.problem})
        return
    table = Table(title=f"{path} of {target.environment.name}", title_justify="left")
    for heading in ("When (UTC)", "What", "By", "Why"):
        table.add_column(heading, no_wrap=heading == "When (UTC)", overflow="fold")
    for each in found.events:
        who = each.by.rpartition(":")[2]  # of an ARN, what tells people apart
        table.add_row(
            each.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"), escape(each.what), escape(who), escape(each.why)
        )
    out.print(table)
    if found.problem is not None:
        out.print(
            f"Not whole, since the trail cannot be read to the end: {found.problem}", markup=False, soft_wrap=True
        )


def _plain(status: SecretStatus, now: datetime) -> dict[str, object]:
    """Return all that is known of a secret, for machines; ``state`` is the worst."""
    found: dict[str, object] = {
        "path": status.path,
        "kind": status.kind,
        "state": status.states[0],
        "states": status.states,
    }
    if (seen := status.observation) is None:
        return found
    return {
        **found,
        "created": seen.created,
        "age_days": max((now - seen.value_since) // _DAY, 0) if seen.value_since else None,
        "last_rotated": seen.last_rotated,
        "next_rotation": seen.next_rotation,
        "days_to_next_rotation": (seen.next_rotation - now) // _DAY if seen.next_rotation else None,
        "days_overdue": seen.days_overdue(now),
        "last_read": seen.last_read,
        "expires": seen.expires,
        "days_left": seen.days_left(now),
        "replicas": dict(seen.replicas),
    }
