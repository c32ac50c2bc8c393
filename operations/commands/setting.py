"""Set a value by hand."""

import json
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from alees_secrets.errors import InvalidSecretError
from alees_secrets.kinds import Kind, KindName, check_fields, kind_of
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
from operations.errors import StoppedError, UsageError
from operations.output import err, out, print_json

_HIDDEN = frozenset({"password", "secret_key", "api_key", "api_secret"})
"""Fields that are typed without echo."""


@app.command("set")
def set_command(
    context: typer.Context,
    path: NameArgument,
    reason: ReasonOption,
    from_stdin: Annotated[
        bool, typer.Option("--stdin", help="Read one JSON object from standard input; so it does without a terminal.")
    ] = False,
    untested: Annotated[bool, typer.Option("--untested", help="Do not have the function try the value first.")] = False,
    incident: IncidentOption = None,
    environment: EnvironmentOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put a value into use that somebody else issued; one of several lines, such as a PEM, with --stdin."""
    from_stdin = from_stdin or not sys.stdin.isatty()
    if from_stdin and not yes and not as_json:
        raise UsageError("the value comes from standard input, so nothing can be asked there; give --yes")
    with explaining(UNDONE):
        target, why = begin(context, path, environment, reason=reason, incident=incident, yes=yes, as_json=as_json)
        seen = by_hand.quiet(target, path)
    value = _read(kind_of(path), from_stdin=from_stdin)
    tried = "untried" if untested else "if its target, where one can know it yet, accepts it"
    ended = "; what was before it ends, where an issuer would go on accepting it"
    confirm(
        [
            f"In {target.environment.name}, for {path}:",
            f"  put the value with the fields {', '.join(value)} into use, {tried};",
            f"  version {str(seen.current)[:8]} becomes the one before{'' if untested else ended}",
        ],
        yes=yes,
    )
    with explaining("the function may go on for a minute; the same command again is safe"):
        done = by_hand.set_value(target, path, value, replaced=str(seen.current), untested=untested, because=why)
    by_form = done.outcome == by_hand.BY_FORM
    if as_json:
        print_json({"path": path, "version_id": done.version_id, "tried": not (untested or by_form), **done.counts})
    else:
        left = "; only its form was checked, since nothing knew it before: have it used now" if by_form else ""
        out.print(f"{path}: version {done.version_id[:8]} is in use{done.counted}{left}", soft_wrap=True)


def _read(kind: Kind, *, from_stdin: bool) -> Mapping[str, str | int]:
    """Return a valid value for *kind*.

    Raises:
        UsageError: It is none. Raised outside the except blocks: json's error carries what was read.
    """
    value = _read_stdin() if from_stdin else _ask(kind)
    problem = "it is not one JSON object"
    if value is not None:
        try:
            check_fields(kind, value)
        except InvalidSecretError as error:
            problem = str(error)
        else:
            return value
    raise UsageError(f"the value cannot be used: {problem}; nothing was sent")


def _read_stdin() -> dict[str, str | int] | None:
    try:
        value = json.loads(sys.stdin.read())
    except (ValueError, RecursionError):  # UnicodeDecodeError is the first one's, and holds all that was read
        return None
    return value if isinstance(value, dict) else None


def _ask(kind: Kind) -> dict[str, str | int]:
    """Ask for each field, for hidden ones twice and without echo."""
    if kind.name is KindName.JWT:
        err.print(
            "A key of several lines, a PEM, is not pasted here: the rest would reach the shell. Give it with --stdin"
        )
    try:
        return {
            name: typer.prompt(
                name, type=wanted, err=True, hide_input=name in _HIDDEN, confirmation_prompt=name in _HIDDEN
            )
            for name, wanted in kind.fields.items()
        }
    except typer.Abort:
        pass
    raise StoppedError(f"interrupted; {UNDONE}")
