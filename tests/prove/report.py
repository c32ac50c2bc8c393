"""What a run shows: what it will do, a table of checks, and what is left."""

import json
from dataclasses import dataclass, field

from rich.table import Table

from tests.prove.checks.check import Check, Seen, Verdict
from tests.prove.sandbox import Sandbox

_STYLES = {Verdict.PASSED: "green", Verdict.FAILED: "bold red", Verdict.NOT_SHOWN: "yellow"}


@dataclass
class Report:
    """How a run went.

    Attributes:
        results: Checks and what they saw, in order.
        failure: Why it ended before all checks were done; None if they were.
        left: What could not be destroyed, with the command that does.
    """

    results: list[tuple[Check, Seen]] = field(default_factory=list)
    failure: str | None = None
    left: list[str] = field(default_factory=list)

    @property
    def proved(self) -> bool:
        """Tell whether all checks were done, none failed, and nothing is left."""
        failed = any(seen.verdict is Verdict.FAILED for _, seen in self.results)
        return not failed and self.failure is None and not self.left

    def table(self) -> Table:
        """Return check, what was seen, what was expected and the verdict."""
        table = Table()
        for heading in ("Check", "Seen", "Expected", "Verdict"):
            table.add_column(heading, no_wrap=heading in {"Check", "Verdict"})
        for check, seen in self.results:
            table.add_row(check.name, seen.text, check.expected, f"[{_STYLES[seen.verdict]}]{seen.verdict}[/]")
        return table

    def as_json(self) -> str:
        """Return the same for machines."""
        checks = [
            {"check": check.name, "seen": seen.text, "expected": check.expected, "verdict": seen.verdict}
            for check, seen in self.results
        ]
        whole = {"proved": self.proved, "checks": checks, "failure": self.failure, "left": self.left}
        return json.dumps(whole, indent=2)


def announcement(sandbox: Sandbox) -> str:
    """Return what a run makes, what that costs, and what becomes of it."""
    stacks = "\n".join(f"  {stack.name} in {stack.region}" for stack in sandbox.stacks)
    database = sandbox.environment.database
    roles = ", ".join((database.owner, *database.logins))
    return f"""\
In account {sandbox.environment.account.id} this makes, checks and destroys:
{stacks}
  the CDK's bootstrap stack, where a region has none
  a queue that receives alerts; and it lets the account assume the application's role
It takes up to an hour, most of it waiting for CloudTrail, and costs roughly 1 US dollar at most; where the account has
a trail already, the copies of its events that a second one makes come on top.
Two things stay: the roles {roles} in PostgreSQL {database.host}, and the keys,
which AWS deletes after 30 days without charging for them."""
