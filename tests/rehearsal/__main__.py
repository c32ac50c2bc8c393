"""``python -m tests.rehearsal``, which ``make rehearsal`` starts. Exit codes: 0 all holds, 1 something doesn't."""

import argparse
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.fakes.postgres import running_server
from tests.rehearsal.company import all_points, rehearse, sample
from tests.rehearsal.kinds import KINDS
from tests.rehearsal.points import Point
from tests.rehearsal.report import Report

_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rehearse, and return the exit code."""
    options = _options(arguments)
    kinds = {options.kind: KINDS[options.kind]} if options.kind else KINDS
    with running_server() as server:
        points = options.point or all_points(kinds, server)
        if options.sample is not None:
            points = sample(points, options.sample, options.seed)
        began = time.monotonic()
        with _progress() as progress:
            task = progress.add_task("rehearsing", total=len(points))
            outcomes = rehearse(points, KINDS, server, lambda: progress.advance(task))
        report = Report(outcomes=outcomes, seconds=time.monotonic() - began)
    if options.json:
        _out.print(report.as_json(), markup=False, soft_wrap=True)
    else:
        _out.print(report.table())
        _out.print(report.speed())
        for point, problem in report.failures.items():
            _out.print(f"{point}: {problem}", markup=False, soft_wrap=True)
    return 1 if report.failures else 0


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=_err, transient=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rehearsal", description=__doc__)
    parser.add_argument("--kind", choices=sorted(KINDS), help="one kind alone")
    parser.add_argument("--sample", type=_count, metavar="N", help="N points instead of all")
    parser.add_argument("--seed", type=int, default=0, help="which N points; 0 without it")
    parser.add_argument("--point", action="append", type=_point, metavar="ID", help="this point; may be given again")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    options = parser.parse_args(arguments)
    others = {point.kind for point in options.point or ()} - {options.kind}
    if options.kind and others:
        parser.error(f"--kind is {options.kind}, and --point names {', '.join(sorted(others))}; leave --kind out")
    return options


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"N is {text!r}; allowed is a number of points from 1 on")
    return int(text)


def _point(text: str) -> Point:
    try:
        point = Point.parse(text)
    except ValueError as error:
        problem = str(error)
    else:
        if point.kind in KINDS:
            return point
        problem = f"kind is {point.kind!r}; allowed are {', '.join(KINDS)}"
    raise argparse.ArgumentTypeError(problem)


if __name__ == "__main__":
    sys.exit(main())
