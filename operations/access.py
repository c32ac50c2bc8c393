"""What docs/access.md says of one secret, or of one role or user. The page is compared with the templates by a test."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from operations.errors import UsageError

PAGE = Path(__file__).parent.parent / "docs" / "access.md"

ANY = "..."
"""What stands, in the page, for any name that is not declared."""


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do to a secret.

    Attributes:
        environment: Name of the environment.
        secret: Whole name of the secret. ``alees/prod/api/.../key`` is any API key, and ``alees/.../other`` any other
            secret, that is not declared.
        who: Duty of the role or user.
        may: What it may do.
    """

    environment: str
    secret: str
    who: str
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Principal:
    """A role or user.

    Attributes:
        environment: Name of the environment.
        who: Its duty; its name where it is none of the environment's.
        taken_on_by: Whom it trusts.
        besides: What it may do that is about no secret; empty where that is nothing.
    """

    environment: str
    who: str
    taken_on_by: str
    besides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The page's rows about secrets, and those about roles and users."""

    secrets: tuple[Access, ...]
    principals: tuple[Principal, ...]


def read_page(text: str) -> Page:
    """Return the rows of the page."""
    secrets, principals, environment, heading = [], [], "", ""
    for line in text.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if line.startswith("## "):
            environment = line.removeprefix("## ")
        elif line.startswith("| "):
            if cells[-1] in {"may", "and may besides"}:
                heading = cells[0]
            elif heading == "secret":
                secrets.append(Access(environment, cells[0], cells[1], tuple(cells[2].split(", "))))
            elif heading == "who":
                besides = () if cells[2] == "nothing" else tuple(cells[2].split(", "))
                principals.append(Principal(environment, cells[0], cells[1], besides))
    return Page(tuple(secrets), tuple(principals))


def select(page: Page, *, environment: str | None, secret: str | None, principal: str | None) -> Page:
    """Return the rows that are asked for. With a secret, roles and users are those who may do something to it.

    Args:
        page: All.
        environment: Name, in any case; None is all.
        secret: Whole name, or path below the prefix, also of an API key that is not declared; None is all.
        principal: Duty, or the name of the role or user; None is all.

    Raises:
        UsageError: The page knows none of that name.
    """
    found = [row for row in page.secrets if _in(row, environment)]
    everybody = [each for each in page.principals if _in(each, environment)]
    _check("environment", environment, everybody, sorted({each.environment for each in page.principals}))
    named = _about(found, secret) if secret else found
    _check("secret", secret, named, sorted({row.secret for row in found}))
    asked = [row for row in named if principal is None or _is(row, principal)]
    people = [each for each in everybody if principal is None or _is(each, principal)]
    if secret is not None:
        involved = {(row.environment, row.who) for row in asked}
        people = [each for each in people if (each.environment, each.who) in involved]
    _check("principal", principal, people, sorted({each.who for each in everybody}))
    return Page(tuple(asked), tuple(people))


def _in(row: Access | Principal, environment: str | None) -> bool:
    return environment is None or row.environment.lower() == environment.lower()


def _about(rows: Sequence[Access], secret: str) -> list[Access]:
    """Return the rows about a secret; those of the name that stands for it where it is not declared."""
    declared = [row for row in rows if row.secret == secret or row.secret.endswith(f"/{secret}")]
    return declared or [row for row in rows if _stands_for(row.secret, secret)]


def _stands_for(name: str, secret: str) -> bool:
    below = name.split("/", maxsplit=2)[-1]
    patterns = (re.escape(each).replace(re.escape(ANY), "[^/]+") for each in (name, below) if ANY in each)
    return any(re.fullmatch(pattern, secret) for pattern in patterns)


def _is(row: Access | Principal, principal: str) -> bool:
    return principal in {row.who, f"alees-{row.environment.lower()}-{row.who}"}


def _check(what: str, wanted: str | None, found: Sequence[object], allowed: Sequence[str]) -> None:
    if wanted is not None and not found:
        raise UsageError(f"{what} is {wanted!r}; docs/access.md knows {', '.join(allowed)}")
