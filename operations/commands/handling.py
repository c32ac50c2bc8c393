"""Revoke the version before, or go back to it."""

from typing import Annotated

import typer

from operations import by_hand
from operations.commands.options import (
    UNDONE,
    EnvironmentOption,
    IncidentOption,
    JsonOption,
    NameArgument,
    ReasonOption,
    YesOption,
    app,
    begin,
    confirm,
    explaining,
)
from operations.output import out, print_json, revoked_text

_AGAIN = "the function may go on for a minute; the same command again ends what it left, and is safe"
_LOOK = "the function may go on for a minute; look at the answer of ./alees-secrets status before you run it again"


@app.command()
def revoke(
    context: typer.Context,
    path: NameArgument,
    reason: ReasonOption,
    version_id: Annotated[
        str | None, typer.Option("--version-id", help="End this version, or nothing if it is not the one before.")
    ] = None,
    incident: IncidentOption = None,
    environment: EnvironmentOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """End the credential before the one in use, for good."""
    with explaining(UNDONE):
        target, why = begin(context, path, environment, reason=reason, incident=incident, yes=yes, as_json=as_json)
        version = by_hand.to_revoke(target, path, version_id)
    confirm(
        [
            f"In {target.environment.name}, for {path}:",
            "  1. see that AWSCURRENT works, or else change nothing",
            f"  2. mark version {version[:8]} as revoked and take AWSPREVIOUS from it: nothing goes back to it",
            "  3. end its credential at the target, and its sessions",
        ],
        yes=yes,
    )
    with explaining(_AGAIN):
        done = by_hand.revoke(target, path, version, why)
    by_hand.require_ended(done)
    ended = path not in target.environment.by_hand_functions
    if as_json:
        print_json({"path": path, "revoked_version_id": done.version_id, "ended_at_target": ended, **done.counts})
    else:
        out.print(revoked_text(done, ended=ended), markup=False, soft_wrap=True)


@app.command()
def rollback(
    context: typer.Context,
    path: NameArgument,
    reason: ReasonOption,
    incident: IncidentOption = None,
    environment: EnvironmentOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put the version before into use again, if it works."""
    with explaining(UNDONE):
        target, why = begin(context, path, environment, reason=reason, incident=incident, yes=yes, as_json=as_json)
        version = by_hand.to_go_back_to(target, path)
    confirm(
        [
            f"In {target.environment.name}, for {path}:",
            f"  give AWSCURRENT back to version {version[:8]}, the one before, if its target accepts it;",
            "  what is AWSCURRENT now becomes the version before",
        ],
        yes=yes,
    )
    with explaining(_LOOK):
        done = by_hand.roll_back(target, path, version, why)
    if as_json:
        print_json({"path": path, "version_id": done.version_id})
    else:
        out.print(f"{path}: version {done.version_id[:8]}, the one before, is in use again")
