"""Points of several kinds rehearsed side by side: one worker a core, each with worlds and functions of its own."""

import functools
import os
import queue
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from tests.fakes.postgres import Server
from tests.rehearsal.forks import forks
from tests.rehearsal.points import Point, Scenario, points_of
from tests.rehearsal.rehearsal import Outcome, Rehearsal
from tests.rehearsal.world import WorldMaker


@contextmanager
def _rehearsals(kinds: Mapping[str, WorldMaker], server: Server) -> Iterator[Callable[[str, Scenario], Rehearsal]]:
    """Yield what returns the rehearsal of a kind and scenario, made when it is first asked for."""
    with ExitStack() as opened:
        processes = opened.enter_context(forks())

        @functools.cache
        def rehearsal(kind: str, scenario: Scenario) -> Rehearsal:
            return Rehearsal(opened.enter_context(kinds[kind](server)), scenario, processes)

        yield rehearsal


def all_points(kinds: Mapping[str, WorldMaker], server: Server) -> list[Point]:
    """Return every point of *kinds*: one undisturbed rotation in each scenario is recorded."""
    with _rehearsals(kinds, server) as rehearsal:
        return [
            point
            for kind in kinds
            for scenario in Scenario
            for point in points_of(kind, scenario, rehearsal(kind, scenario).record())
        ]


def sample(points: Sequence[Point], size: int, seed: int) -> list[Point]:
    """Return *size* of *points*, or all if there are fewer; the same ones for the same seed."""
    return random.Random(seed).sample(points, min(size, len(points)))  # noqa: S311 - no secret


def rehearse(
    points: Iterable[Point],
    kinds: Mapping[str, WorldMaker],
    server: Server,
    done: Callable[[], None] = lambda: None,
) -> dict[Point, Outcome]:
    """Rehearse *points* and return how each went.

    Args:
        points: What to rehearse.
        kinds: How their kinds' worlds are made.
        server: The server in which kinds with a database make one.
        done: Called after each point, in the thread of the worker.
    """
    waiting: queue.SimpleQueue[Point] = queue.SimpleQueue()
    for point in points:
        waiting.put(point)

    def work() -> dict[Point, Outcome]:
        outcomes: dict[Point, Outcome] = {}
        with _rehearsals(kinds, server) as rehearsal:
            while True:
                try:
                    point = waiting.get_nowait()
                except queue.Empty:
                    return outcomes
                outcomes[point] = rehearsal(point.kind, point.scenario).outcome(point)
                done()

    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        working = [pool.submit(work) for _ in range(workers)]
        return {point: outcome for each in working for point, outcome in each.result().items()}
