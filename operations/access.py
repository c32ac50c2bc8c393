"""What docs/access.md says of one secret, or of one role or user. The page is compared with the templates by a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from operations.errors import UsageError

PAGE = Path(__file__).parent.parent / "docs" / "access.md"


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do to a secret.

    Attributes:
        environment: Name of the environment.
        secret: Whole name of the secret; ``alees/.../other`` is any that is not declared.
        who: Duty of the role or user.
        may: What it may do.
    """

    environment: str
    secret: str
    who: str
    may: tuple[str, ...]


def read_page(text: str) -> tuple[Access, ...]:
    """Return the rows about secrets of the page."""
    found, environment, about_secrets = [], "", False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("## "):
            environment = line.removeprefix("## ")
        elif line.startswith("| "):
            if cells[-1].startswith("may") or "may besides" in cells[-1]:
                about_secrets = cells[0] == "secret"
            elif about_secrets:
                found.append(Access(environment, cells[0], cells[1], tuple(cells[2].split(", "))))
    return tuple(found)


def select(
    rows: Sequence[Access], *, environment: str | None, secret: str | None, principal: str | None
) -> list[Access]:
    """Return the rows that are asked for.

    Args:
        rows: All.
        environment: Name, in any case; None is all.
        secret: Whole name, or path below the prefix; None is all.
        principal: Duty, or the name of the role or user; None is all.

    Raises:
        UsageError: The page knows none of that name.
    """
    found = [row for row in rows if environment is None or row.environment.lower() == environment.lower()]
    _check("environment", environment, found, sorted({row.environment for row in rows}))
    named = [row for row in found if secret is None or row.secret == secret or row.secret.endswith(f"/{secret}")]
    _check("secret", secret, named, sorted({row.secret for row in found}))
    asked = [row for row in named if principal is None or _is(row, principal)]
    _check("principal", principal, asked, sorted({row.who for row in found}))
    return asked


def _is(row: Access, principal: str) -> bool:
    return principal in {row.who, f"alees-{row.environment.lower()}-{row.who}"}


def _check(what: str, wanted: str | None, found: Sequence[Access], allowed: Sequence[str]) -> None:
    if wanted is not None and not found:
        raise UsageError(f"{what} is {wanted!r}; docs/access.md knows {', '.join(allowed)}")
