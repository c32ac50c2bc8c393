"""Time things in turn, so that a machine whose speed drifts distorts no ratio."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def medians(runs: int, **things: Callable[[], object]) -> dict[str, float]:
    """Return the median seconds of each thing, run in turn after one run that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for run in range(runs + 1):
        for name, thing in things.items():
            began = time.perf_counter()
            thing()
            if run > 0:
                seconds[name].append(time.perf_counter() - began)
    return {name: statistics.median(each) for name, each in seconds.items()}


def processor_seconds(
    pairs: int, thing: Callable[[], object], base: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Return the processor seconds of *thing*'s processes and of *base*'s, pair by pair.

    User's and system's together: on a busy machine, time that passes says more of others. One pair before does not
    count, and who goes first takes turns.
    """
    found: list[tuple[float, float]] = []
    for pair in range(pairs + 1):
        order = [thing, base] if pair % 2 else [base, thing]
        seconds = {each: _processor_seconds(each) for each in order}
        found.append((seconds[thing], seconds[base]))
    return [one for one, _ in found[1:]], [other for _, other in found[1:]]


def _processor_seconds(thing: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    thing()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def process(code: str, *, path: Path = PROJECT, environment: Mapping[str, str] | None = None) -> Callable[[], object]:
    """Return something that runs *code* in an interpreter of its own, with *path* to import from."""
    variables = {**os.environ, "PYTHONPATH": str(path), **(environment or {})}
    command = [sys.executable, "-c", code]
    return lambda: subprocess.run(command, cwd=path, env=variables, check=True, capture_output=True)


def show(name: str, value: str) -> None:
    """Print one figure."""
    print(f"{name:<58} {value}", flush=True)  # noqa: T201 - what make bench is for
