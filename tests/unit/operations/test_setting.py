"""Asking a person for a value."""

import json

import typer
from typer.testing import CliRunner

from alees_secrets.kinds import KINDS, KindName
from operations.commands.setting import _ask
from tests.fakes.canary import CANARY

asking = typer.Typer()


@asking.command()
def _asked() -> None:
    typer.echo(json.dumps(_ask(KINDS[KindName.DATABASE])))


def test_every_field_is_asked_for_and_the_password_twice_without_echo() -> None:
    typed = ["erp", CANARY, CANARY, "db", "5432", "erp"]

    done = CliRunner().invoke(asking, input="\n".join(typed) + "\n")

    assert json.loads(done.stdout.splitlines()[-1]) == {
        "username": "erp",
        "password": CANARY,
        "host": "db",
        "port": 5432,
        "dbname": "erp",
    }
    assert CANARY not in done.stderr + "".join(done.stdout.splitlines()[:-1])


def test_the_password_is_asked_for_again_when_it_was_typed_differently() -> None:
    typed = ["erp", CANARY, "other", CANARY, CANARY, "db", "5432", "erp"]

    done = CliRunner().invoke(asking, input="\n".join(typed) + "\n")

    assert json.loads(done.stdout.splitlines()[-1])["password"] == CANARY
    assert "do not match" in done.stderr


def test_nothing_is_returned_when_the_input_ends() -> None:
    done = CliRunner().invoke(asking, input="erp\n")

    assert str(done.exception) == "interrupted; nothing was done"
