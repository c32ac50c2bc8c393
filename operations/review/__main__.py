"""``python -m operations.review``, which the Makefile's ``synth`` and ``diff`` start."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from operations.errors import OperationError
from operations.output import err, out
from operations.review.assembly import Stack, read_stacks
from operations.review.cdk import synthesize
from operations.review.comparison import compare
from operations.review.deployed import read_deployed, why_not_deployed
from operations.review.revision import choose_revision, read_revision

PROJECT = Path(__file__).parents[2]

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

EnvironmentArgument = Annotated[str, typer.Argument(metavar="ENV", help="An environment, or: all")]


@app.command()
def synth(environment: EnvironmentArgument) -> None:
    """Synthesize into cdk.out and list the stacks. Needs no credentials."""
    for stack in _synthesize(environment, PROJECT / "cdk.out"):
        _say(f"{stack.id}  {stack.target}  {stack.count_resources()} resources")


@app.command()
def diff(
    environment: EnvironmentArgument,
    base: Annotated[str | None, typer.Option(help="Revision to compare with, whatever is deployed.")] = None,
) -> None:
    """Show what deploying would change, or without credentials what changed since a revision. Changes nothing."""
    with tempfile.TemporaryDirectory(prefix="alees-review-") as folder:
        assembly = Path(folder)
        stacks = _synthesize(environment, assembly)
        because = "BASE is given" if base else why_not_deployed(stacks)
        if because is None:
            _say(f"Comparing {environment} with what is deployed: the credentials are its account's")
            before = read_deployed(stacks)
        else:
            revision = choose_revision(PROJECT, base)
            _say(f"Comparing {environment} with {revision}: {because}")
            with err.status(Text(f"Synthesizing {revision}")):
                before = read_revision(PROJECT, environment, revision)
        told = compare(PROJECT, before, assembly)
    show(told)


def show(difference: str) -> None:
    """Print a difference as it is, in the colours of what goes and what comes."""
    for line in difference.splitlines():
        _say(line, style="red" if "[-]" in line else "green" if "[+]" in line else None)


def _synthesize(environment: str, assembly: Path) -> tuple[Stack, ...]:
    with err.status(Text(f"Synthesizing {environment}")):
        synthesize(PROJECT, environment, assembly)
    return read_stacks(assembly)


def _say(line: str, style: str | None = None) -> None:
    out.print(line, style=style, markup=False, soft_wrap=True)


def main() -> None:
    """Run a command; every expected failure is told on standard error, with exit code 1."""
    try:
        app(prog_name="review")
    except OperationError as error:
        err.print(str(error), markup=False, soft_wrap=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
