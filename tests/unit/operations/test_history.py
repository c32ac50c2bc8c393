"""The life of a secret, from the secret itself and from the trail."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import ANY, Stubber
from typer.testing import CliRunner

from operations.commands import app
from operations.errors import OperationError
from operations.history import History, history
from operations.target import Target
from operations.trail import EVENTS, MOST_PAGES
from tests.fakes.canary import CANARY

NOW = datetime.now(UTC)
NAME = "alees/dev/database/credentials"


class Trail:
    """What CloudTrail has.

    Attributes:
        records: By the name of the event; of one name, page after page.
    """

    def __init__(self, stubber: Stubber, **records: list[list[dict[str, Any]]]) -> None:
        for name in EVENTS:
            pages = records.get(name, [[]])
            for number, page in enumerate(pages[: MOST_PAGES + 1]):
                events = [{"CloudTrailEvent": json.dumps(record)} for record in page]
                more = {"NextToken": str(number)} if number + 1 < len(pages) else {}
                stubber.add_response("lookup_events", {"Events": events, **more}, _asked(name, number))


def _asked(name: str, number: int) -> dict[str, Any]:
    token = {"NextToken": str(number - 1)} if number else {}
    return {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}], "StartTime": ANY, **token}


def _record(name: str, **more: Any) -> dict[str, Any]:
    return {
        "eventName": name,
        "eventTime": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventType": "AwsApiCall",
        "userIdentity": {"arn": "arn:aws:iam::111122223333:user/jane"},
        "requestParameters": {"secretId": NAME},
        **more,
    }


def _history(target: Target, **records: list[list[dict[str, Any]]]) -> History:
    with Stubber(target.trail) as stubber:
        Trail(stubber, **records)
        found = history(target, "database/credentials", datetime.now(UTC) + timedelta(minutes=1))
        stubber.assert_no_pending_responses()
    return found


@pytest.mark.usefixtures("secret")
def test_the_secret_itself_tells_when_the_trail_has_nothing(target: Target) -> None:
    found = _history(target)

    assert [each.what.split()[0] for each in found.events] == ["created", "version"]
    assert found.events[1].what.endswith("made, now AWSCURRENT")
    assert found.problem is None


def test_what_the_trail_knows_of_this_secret_alone_is_told(target: Target, secret: str) -> None:
    arn = target.client.describe_secret(SecretId=f"alees/dev/{secret}")["ARN"]
    found = _history(
        target,
        CreateSecret=[[_record("CreateSecret", requestParameters={"name": NAME})]],
        RotationSucceeded=[[_record("RotationSucceeded", additionalEventData={"SecretId": arn})]],
        DeleteSecret=[
            [
                _record("DeleteSecret", requestParameters={"secretId": arn[:-7]}),
                _record("DeleteSecret", requestParameters={"secretId": "alees/dev/jwt/credentials"}),
                _record("DeleteSecret", errorCode="AccessDenied"),
            ]
        ],
    )

    assert sorted(each.what for each in found.events) == ["created", "deletion asked for", "rotated"]


@pytest.mark.usefixtures("secret")
def test_it_is_said_when_a_page_more_would_have_been_there(target: Target) -> None:
    found = _history(target, RotateSecret=[[_record("RotateSecret")]] * (MOST_PAGES + 2))

    assert found.problem == "only the latest events of RotateSecret were read"
    assert sum(each.what == "rotation asked for" for each in found.events) == MOST_PAGES


def test_the_last_operation_by_hand_is_told_without_the_trail(target: Target, secret: str) -> None:
    said = ("set", "new mail server", "-", "arn:aws:iam::111122223333:user/jane", "2026-01-01T12:00:00+00:00")
    keys = ("last-operation", "reason", "incident", "caller", "operated-at")
    tags: Any = [{"Key": f"alees:{key}", "Value": value} for key, value in zip(keys, said, strict=True)]
    target.client.tag_resource(SecretId=f"alees/dev/{secret}", Tags=tags)
    with Stubber(target.trail) as stubber:
        stubber.add_client_error("lookup_events", "AccessDeniedException")
        done = CliRunner().invoke(app, ["show", secret], obj=lambda _: target, env={"COLUMNS": "100"})

    assert done.exit_code == 0
    assert "by hand: set" in done.stdout
    assert "user/jane" in done.stdout
    assert "the trail cannot be read to the end: LookupEvents answered AccessDeniedException" in done.stdout


@pytest.mark.usefixtures("secret")
def test_machines_are_told_all_and_no_value(target: Target) -> None:
    target.client.put_secret_value(SecretId=NAME, SecretString=CANARY)
    with Stubber(target.trail) as stubber:
        Trail(stubber)
        done = CliRunner().invoke(app, ["show", "database/credentials", "--json"], obj=lambda _: target)

    told = json.loads(done.stdout)
    assert (told["path"], told["problem"], len(told["events"])) == ("database/credentials", None, 3)
    assert set(told["events"][0]) == {"at", "what", "by", "why"}
    assert CANARY not in done.output


def test_one_line_says_so_when_there_is_no_such_secret(target: Target) -> None:
    with pytest.raises(OperationError, match="there is no secret at api/odd/key; ./alees-secrets status lists them"):
        history(target, "api/odd/key", NOW)


def test_one_line_says_so_when_it_may_not_be_described(target: Target) -> None:
    with Stubber(target.client) as stubber:
        stubber.add_client_error("describe_secret", "AccessDeniedException")
        with pytest.raises(OperationError, match="^jwt/credentials cannot be described: DescribeSecret answered Acc"):
            history(target, "jwt/credentials", NOW)
