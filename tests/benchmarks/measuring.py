"""Time things in turn, so that a machine whose speed drifts distorts no ratio."""

import os
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


def process(code: str, *, path: Path = PROJECT, environment: Mapping[str, str] | None = None) -> Callable[[], object]:
    """Return something that runs *code* in an interpreter of its own, with *path* to import from."""
    variables = {**os.environ, "PYTHONPATH": str(path), **(environment or {})}
    command = [sys.executable, "-c", code]
    return lambda: subprocess.run(command, cwd=path, env=variables, check=True, capture_output=True)


def show(name: str, value: str) -> None:
    """Print one figure."""
    print(f"{name:<58} {value}", flush=True)  # noqa: T201 - what make bench is for
