"""What ``make rehearsal`` prints. Ids and causes only: nothing of a value."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from tests.rehearsal.company import Result


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that was rehearsed.

    Attributes:
        results: One for each point.
        seconds: How long it took.
    """

    results: Sequence[Result]
    seconds: float

    @property
    def failures(self) -> list[Result]:
        """What does not hold, by id."""
        return sorted((each for each in self.results if each.problem is not None), key=lambda each: str(each.point))

    def table(self) -> Table:
        """Return points and how many hold, by kind and scenario."""
        table = Table("Kind", "Rotation")
        for heading in ("Points", "Hold", "%"):
            table.add_column(heading, justify="right")
        points = Counter((each.point.kind, each.point.scenario) for each in self.results)
        failed = Counter((each.point.kind, each.point.scenario) for each in self.failures)
        for (kind, scenario), count in sorted(points.items()):
            table.add_row(kind, scenario, *_figures(count, failed[kind, scenario]))
        table.add_row("all", "", *_figures(len(self.results), len(self.failures)))
        return table

    def speed(self) -> str:
        """Return how long it took."""
        return f"{len(self.results)} points in {self.seconds:.0f} s, {len(self.results) / self.seconds:.1f} a second"

    def as_json(self) -> str:
        """Return everything for machines."""
        return json.dumps(
            {
                "points": len(self.results),
                "hold": len(self.results) - len(self.failures),
                "seconds": round(self.seconds, 1),
                "failures": {str(each.point): each.problem for each in self.failures},
            },
            indent=2,
        )


def _figures(points: int, failed: int) -> tuple[str, str, str]:
    held = points - failed
    return str(points), str(held), f"{100 * held / points:.1f}" if points else "-"
