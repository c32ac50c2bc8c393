"""What the command ``access`` says of docs/access.md."""

import json

import pytest
from typer.testing import CliRunner

from operations.access import PAGE, Access, Page, Principal, read_page, select
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
| developer | its access keys | kms:Decrypt, kms:GenerateDataKey |

## Prod

| secret | who | may |
|---|---|---|
| alees/prod/jwt/credentials | application | read current, describe |
| alees/prod/jwt/credentials | operator | describe, rotate |
| alees/prod/email/credentials | operator | describe |
| alees/prod/api/payments/key | application | read current |
| alees/prod/api/.../key | writer | create |
| alees/.../other | auditor | describe |

| who | is taken on by | and may besides |
|---|---|---|
| application | ec2 | nothing |
| operator | one \\| two | lambda:InvokeFunction |
| alees-ci-diff | github | cloudformation:GetTemplate |
"""
ROWS = read_page(TEXT)


def test_rows_about_secrets_are_read_when_the_page_has_other_tables() -> None:
    assert len(ROWS.secrets) == 7
    assert ROWS.secrets[0] == Access("Dev", "alees/dev/jwt/credentials", "application", ("read current", "describe"))


def test_rows_about_roles_are_read_with_what_is_escaped_in_them() -> None:
    assert len(ROWS.principals) == 5
    assert ROWS.principals[0] == Principal("Dev", "application", "ec2", ())
    assert ROWS.principals[3] == Principal("Prod", "operator", "one | two", ("lambda:InvokeFunction",))


def test_who_may_is_told_when_a_secret_is_named() -> None:
    found = select(ROWS, environment="prod", secret="jwt/credentials", principal=None)

    assert [(row.who, row.may) for row in found.secrets] == [
        ("application", ("read current", "describe")),
        ("operator", ("describe", "rotate")),
    ]
    assert [each.who for each in found.principals] == ["application", "operator"]


@pytest.mark.parametrize("name", ["api/new/key", "alees/prod/api/new/key"])
def test_what_stands_for_it_is_told_when_an_api_key_is_not_declared(name: str) -> None:
    found = select(ROWS, environment="Prod", secret=name, principal=None)

    assert [(row.secret, row.who) for row in found.secrets] == [("alees/prod/api/.../key", "writer")]


def test_declared_rows_alone_are_told_when_a_declared_api_key_is_named() -> None:
    found = select(ROWS, environment=None, secret="api/payments/key", principal=None)

    assert [row.who for row in found.secrets] == ["application"]


@pytest.mark.parametrize("name", ["operator", "alees-prod-operator"])
def test_what_it_may_is_told_when_a_principal_is_named(name: str) -> None:
    found = select(ROWS, environment=None, secret=None, principal=name)

    assert [row.secret for row in found.secrets] == ["alees/prod/jwt/credentials", "alees/prod/email/credentials"]
    assert [each.besides for each in found.principals] == [("lambda:InvokeFunction",)]


def test_what_it_may_besides_is_told_when_a_principal_may_do_nothing_to_secrets() -> None:
    found = select(ROWS, environment=None, secret=None, principal="alees-ci-diff")

    assert found == Page((), (Principal("Prod", "alees-ci-diff", "github", ("cloudformation:GetTemplate",)),))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"environment": "Test"}, "environment is 'Test'; docs/access.md knows Dev, Prod"),
        ({"secret": "x/y"}, "secret is 'x/y'; docs/access.md knows alees/.../other, alees/dev/jwt/credentials, "),
        ({"principal": "x"}, "principal is 'x'; docs/access.md knows alees-ci-diff, application, developer, operator"),
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


@pytest.mark.parametrize(
    ("principal", "right"),
    [
        ("alees-ci-diff", "cloudformation:GetTemplate"),
        ("alees-ci-deploy", "sts:AssumeRole"),
        ("alees-prod-smtp", "ses:SendRawEmail"),
        ("break-glass", "kms:PutKeyPolicy"),
    ],
)
def test_everybody_with_a_right_is_known(principal: str, right: str) -> None:
    table = CliRunner().invoke(app, ["access", "--principal", principal, "-e", "Prod"])
    printed = CliRunner().invoke(app, ["access", "--principal", principal, "-e", "Prod", "--json"])

    assert table.exit_code == printed.exit_code == 0
    assert principal.removeprefix("alees-prod-") in table.stdout
    assert right in json.loads(printed.stdout)["principals"][0]["besides"]
