"""Asking a person for a value, and putting it into use."""

import json

import pytest
import typer
from typer.testing import CliRunner

from alees_secrets.kinds import KINDS, KindName
from operations.commands.setting import _ask
from tests.fakes.canary import CANARY
from tests.fakes.hand import value
from tests.fakes.operated import OperatedSecret, answer_of, error_of, run_command

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


@pytest.mark.parametrize("kind", KindName)
def test_a_key_that_may_have_several_lines_is_not_to_be_pasted(
    kind: KindName, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typer, "prompt", lambda name, **_: name)

    _ask(KINDS[kind])

    assert ("Give it with --stdin" in " ".join(capsys.readouterr().err.split())) is (kind is KindName.JWT)


COMMAND = ("set", "database/credentials", "--stdin", "--reason", "a leak")


def test_a_value_from_standard_input_is_put_into_use(operated: OperatedSecret) -> None:
    done = answer_of(operated, *COMMAND)

    assert operated.hand.store.labels["AWSCURRENT"] == done["version_id"]
    assert operated.hand.store.current()["password"] == "set"


def test_a_value_that_is_refused_is_put_into_use_only_untested(operated: OperatedSecret) -> None:
    code, told = error_of(run_command(operated, *COMMAND, "--yes", given=value(CANARY)))
    assert (code, "refused: authentication: refused" in told, CANARY in told) == (1, True, False)

    answer_of(operated, *COMMAND, "--untested", given=value(CANARY))

    assert operated.hand.store.current()["password"] == CANARY


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "it is not one JSON object; nothing was sent"),
        (f'{{"password": "{CANARY}"', "it is not one JSON object; nothing was sent"),
        (f'["{CANARY}"]', "it is not one JSON object; nothing was sent"),
        (f'{{"password": "{CANARY}ä"}}'.encode("latin-1"), "it is not one JSON object; nothing was sent"),
        ("[" * 100_000 + CANARY, "it is not one JSON object; nothing was sent"),
        (json.dumps({"password": CANARY}), "username is missing"),
    ],
)
def test_a_wrong_value_is_refused_before_anything_is_sent(
    operated: OperatedSecret, given: str | bytes, message: str
) -> None:
    result = run_command(operated, *COMMAND, "--yes", given=given)
    code, told = error_of(result)

    assert (code, message in told) == (2, True)
    assert CANARY not in told + result.output
    assert "set" not in operated.calls


def test_it_is_said_that_the_form_alone_was_checked_where_nothing_knew_the_value_before(
    operated: OperatedSecret,
) -> None:
    operated.hand.target.knows_early = False

    told = run_command(operated, *COMMAND, "--yes").stdout

    assert "is in use; only its form was checked, since nothing knew it before: have it used now" in told


@pytest.mark.parametrize(
    ("more", "knows_early", "tried"), [([], True, True), ([], False, False), (["--untested"], True, False)]
)
def test_machines_are_told_whether_the_value_was_tried(
    operated: OperatedSecret, more: list[str], *, knows_early: bool, tried: bool
) -> None:
    operated.hand.target.knows_early = knows_early

    assert answer_of(operated, *COMMAND, *more)["tried"] is tried


def test_it_is_said_what_ended_to_make_room(operated: OperatedSecret) -> None:
    operated.hand.target.issued = True

    told = run_command(operated, *COMMAND, "--yes")

    assert "what was before it ends, where an issuer would go on accepting it" in told.stderr
    assert "is in use; sessions ended: 2" in told.stdout
