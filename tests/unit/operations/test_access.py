"""What the command ``access`` says of docs/access.md."""

import pytest
from typer.testing import CliRunner

from operations.access import PAGE, Access, read_page, select
from operations.commands import app
from operations.errors import UsageError

TEXT = """\
# Page

| not | about | anything |

## Dev

| secret | who | may |
|---|---|---|
| alees/dev/jwt/credentials | application | read current, describe |

| who | is taken on by | and may besides |
|---|---|---|
| application | ec2 | nothing |

## Prod

| secret | who | may |
|---|---|---|
| alees/prod/jwt/credentials | application | read current, describe |
| alees/prod/jwt/credentials | operator | describe, rotate |
| alees/prod/email/credentials | operator | describe |
"""
ROWS = read_page(TEXT)


def test_rows_about_secrets_are_read_when_the_page_has_other_tables() -> None:
    assert len(ROWS) == 4
    assert ROWS[0] == Access("Dev", "alees/dev/jwt/credentials", "application", ("read current", "describe"))


def test_who_may_is_told_when_a_secret_is_named() -> None:
    found = select(ROWS, environment="prod", secret="jwt/credentials", principal=None)

    assert [(row.who, row.may) for row in found] == [
        ("application", ("read current", "describe")),
        ("operator", ("describe", "rotate")),
    ]


@pytest.mark.parametrize("name", ["operator", "alees-prod-operator"])
def test_what_it_may_is_told_when_a_principal_is_named(name: str) -> None:
    found = select(ROWS, environment=None, secret=None, principal=name)

    assert [row.secret for row in found] == ["alees/prod/jwt/credentials", "alees/prod/email/credentials"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"environment": "Test"}, "environment is 'Test'; docs/access.md knows Dev, Prod"),
        ({"secret": "x/y"}, "secret is 'x/y'; docs/access.md knows alees/dev/jwt/credentials, "),
        ({"principal": "x"}, "principal is 'x'; docs/access.md knows application, operator"),
    ],
)
def test_what_is_known_is_told_when_a_name_is_not(asked: dict[str, str], message: str) -> None:
    nothing: dict[str, str | None] = {"environment": None, "secret": None, "principal": None}
    with pytest.raises(UsageError, match=f"^{message}"):
        select(ROWS, **{**nothing, **asked})


def test_the_page_is_printed_as_it_is_when_nothing_is_asked() -> None:
    done = CliRunner().invoke(app, ["access"])

    assert done.exit_code == 0
    assert done.stdout.strip() == PAGE.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("options", [["--json"], []])
def test_the_application_is_among_those_who_read_the_database_secret(options: list[str]) -> None:
    done = CliRunner().invoke(app, ["access", "--secret", "database/credentials", "-e", "Prod", *options])

    assert done.exit_code == 0
    assert "application" in done.stdout
    assert "previous" in done.stdout
