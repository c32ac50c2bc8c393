"""What ``make rehearsal`` prints. Ids and causes only: nothing of a value."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rich.table import Table

from tests.rehearsal.points import Point
from tests.rehearsal.rehearsal import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that was rehearsed.

    Attributes:
        outcomes: How each point went.
        seconds: How long it took.
    """

    outcomes: Mapping[Point, Outcome]
    seconds: float

    @property
    def failures(self) -> dict[str, str]:
        """What does not hold, by the point's id."""
        failed = {str(point): each.problem for point, each in self.outcomes.items() if each.problem is not None}
        return dict(sorted(failed.items()))

    def table(self) -> Table:
        """Return points, how many hold, and the credentials at their ends, by kind and scenario."""
        table = Table("Kind", "Rotation")
        for heading in ("Points", "Hold", "%", "Live at most", "Orphans"):
            table.add_column(heading, justify="right")
        rows: dict[tuple[str, str], list[Outcome]] = {}
        for point, outcome in self.outcomes.items():
            rows.setdefault((point.kind, point.scenario), []).append(outcome)
        for (kind, scenario), outcomes in sorted(rows.items()):
            table.add_row(kind, scenario, *_figures(outcomes))
        table.add_row("all", "", *_figures(self.outcomes.values()))
        return table

    def speed(self) -> str:
        """Return how long it took."""
        points = len(self.outcomes)
        return f"{points} points in {self.seconds:.0f} s, {points / self.seconds:.1f} a second"

    def as_json(self) -> str:
        """Return everything for machines."""
        outcomes = self.outcomes.values()
        return json.dumps(
            {
                "points": len(outcomes),
                "hold": len(outcomes) - len(self.failures),
                "live_at_most": max(each.live for each in outcomes),
                "orphans": sum(each.orphans for each in outcomes),
                "seconds": round(self.seconds, 1),
                "failures": self.failures,
            },
            indent=2,
        )


def _figures(outcomes: Collection[Outcome]) -> tuple[str, ...]:
    points, held = len(outcomes), sum(each.problem is None for each in outcomes)
    live, orphans = max(each.live for each in outcomes), sum(each.orphans for each in outcomes)
    return str(points), str(held), f"{100 * held / points:.1f}", str(live), str(orphans)
