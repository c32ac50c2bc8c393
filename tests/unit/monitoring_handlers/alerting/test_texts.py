"""Every alert has its text, its section in the runbook, and commands that exist."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import Session
from typer._click.exceptions import ClickException
from typer.main import get_command

from monitoring_handlers.alerting.composing import compose
from monitoring_handlers.alerting.text import AlertText
from monitoring_handlers.alerting.texts import TEXTS
from monitoring_handlers.alerting.texts.access import ACCESS
from monitoring_handlers.alerting.texts.health import HEALTH
from monitoring_handlers.alerting.texts.rotation import ROTATION
from monitoring_handlers.alerting.texts.silence import SILENCE
from monitoring_handlers.alerting.texts.tampering import TAMPERING
from monitoring_handlers.findings import Finding
from operations.commands import app
from tests.unit.monitoring_handlers.events import DATABASE
from tests.unit.monitoring_handlers.watching import PROD

RUNBOOK = Path(__file__).parents[4] / "docs" / "runbooks" / "alerts.md"
GROUPS = {"Rotation": ROTATION, "Tampering": TAMPERING, "Access": ACCESS, "Health": HEALTH, "Silence": SILENCE}
AT = datetime(2026, 11, 25, 3, 14, 7, tzinfo=UTC)
COMMANDS = sorted({command for text in TEXTS.values() for command in text.commands})


def _sections() -> dict[str, list[str]]:
    """Return the sections of each group of the runbook."""
    titles = re.findall(r"^(#{1,2}) (.+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    found: dict[str, list[str]] = {}
    for level, title in titles[1:]:
        if level == "#":
            found[title] = []
        else:
            found[list(found)[-1]].append(title)
    return found


def test_texts_and_sections_of_the_runbook_are_one_to_one() -> None:
    assert _sections() == {group: [text.id for text in texts] for group, texts in GROUPS.items()}


def test_no_two_texts_have_one_id() -> None:
    assert len(TEXTS) == sum(map(len, GROUPS.values()))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_says_something_of_everything(text: AlertText) -> None:
    assert text.commands
    for said in (text.subject, text.happened, text.means):
        assert said
        assert not said.endswith(" ")


def _pasted(command: str) -> list[str]:
    """Return the words of a command as it stands in a message."""
    facts = dict.fromkeys(("user", "in_region", "key", "days", "call"), "x")
    finding = Finding(alert="any", environment="prod", about=DATABASE, by="jane", at=AT, facts=facts)
    text = AlertText(id="any", severity=next(iter(TEXTS.values())).severity, subject="", happened="", means="",
                     commands=(command,))  # fmt: skip
    body = compose(text, finding, PROD, None).body
    (line,) = (line for line in body.splitlines() if line.startswith("    "))
    return shlex.split(line)


@pytest.mark.parametrize("text", SILENCE, ids=lambda text: str(text.id))
def test_commands_of_silence_name_the_region(text: AlertText) -> None:
    assert [each for each in text.commands if each.startswith("aws ") and "--region {region}" not in each] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_can_be_pasted(command: str) -> None:
    words = _pasted(command)

    assert _problem(words) is None


def test_a_refused_batch_that_names_no_secret_asks_for_all_of_the_matrix() -> None:
    facts = {"one": "*", "whole": "alees/prod/*", "secrets": "alees/prod/*"}
    finding = Finding(alert="read-denied", environment="prod", about="alees/prod/*", by="jane", at=AT, facts=facts)
    body = compose(TEXTS["read-denied"], finding, PROD, None).body

    assert "    ./alees-secrets access --environment Prod\n" in body
    assert "'*'" not in body


@pytest.mark.parametrize("sort", ["RoleName", "UserName", "PolicyName"])
def test_rights_are_asked_for_whether_they_are_a_roles_a_users_or_a_policys(sort: str) -> None:
    finding = Finding(alert="role-changed", environment="prod", about="alees-boundary", by="jane", at=AT)
    body = compose(TEXTS["role-changed"], finding, PROD, None).body

    assert f"[?{sort}=='alees-boundary']" in body
    assert "--role-name" not in body


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("./alees-secrets statsu", "No such command"),
        ("./alees-secrets status --enviroment Prod", "No such option"),
        ("./alees-secrets rotate jwt/credentials", "Missing option '--reason'"),
        ("aws kms enable-keys", "enable_keys"),
        ("aws kms enable-key --key x", "--key"),
        ("aws kms enable-key", "KeyId"),
        ("aws logs tail --sinse 1h group", "--sinse"),
        ("rm -rf", "rm"),
    ],
)
def test_a_command_that_does_not_exist_is_found(command: str, problem: str) -> None:
    assert problem in str(_problem(shlex.split(command)))


def _problem(words: list[str]) -> str | None:
    match words:
        case ["aws", "logs", "tail", *rest]:  # a command of the AWS CLI's own
            options = {word for word in rest if word.startswith("--")} - {"--region", "--since"}
            return f"tail has no option {options.pop()}" if options else None
        case ["./alees-secrets", *rest]:
            return _problem_of_ours(rest)
        case ["aws", service, operation, *rest]:
            return _problem_of_aws(service, operation, rest)
        case ["npx", "cdk", *_]:
            return None
    return f"{words[0]} is none of the programs that people have at hand"


def _problem_of_ours(words: list[str]) -> str | None:
    group: Any = get_command(app)
    try:
        context = group.make_context("alees-secrets", list(words))
        name, command, rest = group.resolve_command(context, [*context._protected_args, *context.args])
        command.make_context(name, rest, parent=context, resilient_parsing=False)
    except ClickException as error:
        return str(error.format_message())
    return None


def _problem_of_aws(service: str, operation: str, words: list[str]) -> str | None:
    model = Session().get_service_model(service)
    names = {xform_name(each): each for each in model.operation_names}
    wanted = operation.replace("-", "_")
    if wanted not in names:
        return f"{service} has no operation {wanted}"
    shape = model.operation_model(names[wanted]).input_shape
    members = {xform_name(member, "-"): member for member in (shape.members if shape else {})}
    given = {word.removeprefix("--") for word in words if word.startswith("--")}
    if unknown := given - {*members, "region", "query", "max-items"}:
        return f"{operation} has no option --{sorted(unknown)[0]}"
    missing = set(shape.required_members if shape else ()) - {members.get(each) for each in given}
    return f"{operation} needs {sorted(missing)}" if missing else None
