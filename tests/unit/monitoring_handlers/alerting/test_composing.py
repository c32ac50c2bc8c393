from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from monitoring_handlers.alerting.composing import LONGEST_SUBJECT, Message, compose
from monitoring_handlers.alerting.folding import Repeated
from monitoring_handlers.alerting.reading import finding_in
from monitoring_handlers.alerting.text import AlertText, Severity
from monitoring_handlers.alerting.texts import TEXTS
from monitoring_handlers.findings import Finding
from tests.unit.monitoring_handlers.events import DATABASE, RAISING, api_call
from tests.unit.monitoring_handlers.watching import PROD

AT = datetime(2026, 11, 25, 5, 14, 7, tzinfo=timezone(timedelta(hours=2)))
TEXT = AlertText(
    id="read-denied",
    severity=Severity.WARNING,
    subject="{about} was touched",
    happened="{by} did it. {reason}",
    means="Look.",
    commands=("look --name {about} --path {path}",),
)


def _finding(about: str = DATABASE, **facts: str) -> Finding:
    return Finding(alert="read-denied", environment="prod", about=about, by="jane", at=AT, facts=facts)


def test_a_message_says_what_to_whom_by_whom_when_how_bad_and_what_to_do() -> None:
    found = finding_in(api_call("secretsmanager", "DeleteSecret", {"secretId": DATABASE}), PROD)
    assert found is not None

    message = compose(TEXTS["secret-deleted"], found, PROD, None)

    assert message == Message(
        "CRITICAL Prod: alees/prod/database/credentials was deleted",
        """CRITICAL: alees/prod/database/credentials was deleted

What         alees/prod/database/credentials
By           arn:aws:sts::111122223333:assumed-role/Administrator/jane
When         2026-11-25 03:14:07 UTC
From         203.0.113.7
Environment  Prod, account 111122223333, eu-central-1

WHAT HAPPENED
arn:aws:sts::111122223333:assumed-role/Administrator/jane deleted alees/prod/database/credentials. It is gone in 30 \
days and can be restored till then.

WHAT IT MEANS
Nothing can read it from now on: what logs in with it fails as soon as its caches end.

RUN NEXT, in the project's folder; aws and npx need break-glass or an administrator
    aws secretsmanager restore-secret --secret-id alees/prod/database/credentials --region eu-central-1
    aws cloudtrail lookup-events --region eu-central-1 --max-items 50 --lookup-attributes \
AttributeKey=Username,AttributeValue=jane
    ./alees-secrets status --environment Prod

RUNBOOK
docs/runbooks/alerts.md#secret-deleted

The same again within 60 minutes is counted, and told with the next message.
""",
    )


def test_what_the_look_or_the_alarm_says_of_the_trail_is_told() -> None:
    bodies = [
        compose(TEXTS["trail-silent"], _finding(**{fact: "AccessDenied"}), PROD, None).body
        for fact in ("problem", "reason")
    ]

    assert "look says: AccessDenied. The alarm says: -." in bodies[0]
    assert "look says: -. The alarm says: AccessDenied." in bodies[1]


@pytest.mark.parametrize(
    ("alert", "command"),
    [
        ("watch-silent", "get-trail-status --name NAME-OF-THE-TRAIL --region eu-central-1"),
        ("trail-silent", "start-logging --name NAME-OF-THE-TRAIL --region eu-central-1"),
        ("trail-changed", "start-logging --name others-trail --region -"),
    ],
)
def test_only_a_call_names_the_trail_that_others_made(alert: str, command: str) -> None:
    about = "others-trail" if alert == "trail-changed" else "AleesSecretsProd-AlarmsSilent"
    found = replace(_finding(about), alert=alert)

    assert f"aws cloudtrail {command}\n" in compose(TEXTS[alert], found, replace(PROD, trail=""), None).body


@pytest.mark.parametrize(("times", "said"), [(1, "Repeated 1 time since"), (7, "Repeated 7 times since")])
def test_repetitions_are_told_when_there_were_some(times: int, said: str) -> None:
    message = compose(TEXT, _finding(), PROD, Repeated(times, "2026-11-25 01:00 UTC"))

    assert f"{said} 2026-11-25 01:00 UTC." in message.body


def test_a_subject_is_cut_when_it_is_longer_than_sns_takes() -> None:
    subject = compose(TEXT, _finding("alees/prod/" + "x" * 200), PROD, None).subject

    assert len(subject) == LONGEST_SUBJECT
    assert subject.startswith("WARNING Prod: alees/prod/xxx")
    assert subject.endswith("...")


def test_a_subject_is_one_line_of_ascii_when_names_are_not() -> None:
    subject = compose(TEXT, _finding("größe\nBcc: all"), PROD, None).subject

    assert subject == "WARNING Prod: gr??e?Bcc: all was touched"


def test_a_command_stays_one_command_when_a_name_holds_more() -> None:
    body = compose(TEXT, _finding("alees/prod/x; rm -rf ~"), PROD, None).body

    assert "look --name 'alees/prod/x; rm -rf ~' --path 'x; rm -rf ~'" in body


def test_a_hyphen_stands_for_what_is_not_known() -> None:
    assert "jane did it. -\n" in compose(TEXT, _finding(), PROD, None).body
    assert "jane did it. Because\n" in compose(TEXT, _finding(reason="Because"), PROD, None).body


@pytest.mark.parametrize("number", range(len(RAISING)))
def test_every_word_of_an_immediate_alert_is_known(number: int) -> None:
    found = finding_in(RAISING[number][2], PROD)
    assert found is not None
    text = TEXTS[found.alert]

    known = compose(text, found, PROD, None)

    assert known.subject.startswith(f"{text.severity} Prod: ")
    assert len(known.subject) <= LONGEST_SUBJECT
    unknown = [line for line in known.body.splitlines() if " - " in f" {line} "]
    assert unknown == []
