"""What the trail's records of a secret mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from operations.records import SCHEDULE, Happened, read_records

OLD, NEW = "1" * 32, "2" * 32
MADE = {OLD: datetime(2026, 1, 1, tzinfo=UTC), NEW: datetime(2026, 1, 2, tzinfo=UTC)}
JANE = "arn:aws:sts::111122223333:assumed-role/alees-prod-operator/jane"
FUNCTION = "arn:aws:sts::111122223333:assumed-role/alees-prod-jwt-rotation/function"
AT = datetime(2026, 1, 3, 12, tzinfo=UTC)


def _record(name: str, minute: int = 0, by: str = JANE, **asked: Any) -> dict[str, Any]:
    service = name in {"RotationSucceeded", "RotationFailed", "RotationAbandoned"}
    return {
        "eventName": name,
        "eventTime": f"2026-01-03T12:{minute:02}:00Z",
        "eventType": "AwsServiceEvent" if service else "AwsApiCall",
        "userIdentity": {"invokedBy": "secretsmanager.amazonaws.com"} if service else {"arn": by},
        "requestParameters": asked,
    }


def _tags(operation: str, incident: str = "-") -> list[dict[str, str]]:
    said = {"last-operation": operation, "reason": "a leak", "incident": incident, "caller": JANE}
    tags = {**{f"alees:{key}": value for key, value in said.items()}, "alees:operated-at": AT.isoformat()}
    return [{"key": key, "value": value} for key, value in tags.items()]


def _told(*records: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.what, each.by, each.why) for each in read_records(records, MADE)]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("CreateSecret", "created"),
        ("DeleteSecret", "deletion asked for"),
        ("RestoreSecret", "restored"),
        ("PutResourcePolicy", "policy changed"),
        ("DeleteResourcePolicy", "policy removed"),
        ("CancelRotateSecret", "rotation switched off"),
        ("PutSecretValue", "value written"),
        ("UpdateSecret", "changed"),
        ("RotateSecret", "rotation asked for"),
    ],
)
def test_a_call_is_told_with_its_caller(name: str, what: str) -> None:
    assert _told(_record(name)) == [(what, JANE, "-")]


@pytest.mark.parametrize(
    ("name", "what"), [("RotationFailed", "rotation failed"), ("RotationAbandoned", "rotation abandoned")]
)
def test_what_secrets_manager_tells_was_done_by_nobody(name: str, what: str) -> None:
    assert _told(_record(name)) == [(what, "-", "-")]


def test_a_rotation_was_by_schedule_when_nobody_asked_for_it() -> None:
    assert _told(_record("RotationSucceeded")) == [("rotated", SCHEDULE, "-")]


def test_a_rotation_was_by_whoever_asked_for_it_and_the_next_one_was_not() -> None:
    told = _told(_record("RotationSucceeded", 9), _record("RotateSecret", 1), _record("RotationSucceeded", 2))

    assert told == [("rotation asked for", JANE, "-"), ("rotated", JANE, "-"), ("rotated", SCHEDULE, "-")]


def test_a_rotation_by_hand_has_its_reason() -> None:
    told = _told(
        _record("TagResource", 0, FUNCTION, tags=_tags("rotate", "INC-7")),
        _record("RotateSecret", 1),
        _record("RotationSucceeded", 2),
    )

    assert told == [
        ("by hand: rotate", JANE, "a leak (INC-7)"),
        ("rotation asked for", JANE, "-"),
        ("rotated", JANE, "a leak (INC-7)"),
    ]


def test_the_order_of_one_second_is_that_of_cause_and_effect() -> None:
    told = _told(
        _record("RotationSucceeded"),
        _record("RotateSecret"),
        _record("TagResource", 0, FUNCTION, tags=_tags("rotate")),
    )

    assert [what for what, _, _ in told] == ["by hand: rotate", "rotation asked for", "rotated"]
    assert told[2][2] == "a leak"


def test_an_operation_by_hand_is_told_with_caller_and_reason() -> None:
    assert _told(_record("TagResource", 0, FUNCTION, tags=_tags("set"))) == [("by hand: set", JANE, "a leak")]


def test_other_tags_and_what_each_rotation_does_are_not_told() -> None:
    move: Any = {"versionStage": "AWSCURRENT", "moveToVersionId": NEW, "removeFromVersionId": OLD}
    quiet = [
        _record("TagResource", tags=[{"key": "team", "value": "erp"}]),
        _record("PutSecretValue", by=FUNCTION),
        _record("UpdateSecretVersionStage", by=FUNCTION, **move),
        _record("UpdateSecretVersionStage", by=FUNCTION, versionStage="AWSPENDING", removeFromVersionId=NEW),
    ]

    assert _told(*quiet) == []


def test_a_label_that_goes_back_is_a_rollback_and_one_that_retires_is_a_revocation() -> None:
    back: Any = {"versionStage": "AWSCURRENT", "moveToVersionId": OLD, "removeFromVersionId": NEW}
    ended: Any = {"versionStage": "alees-revoked", "moveToVersionId": OLD}

    assert _told(_record("UpdateSecretVersionStage", 0, FUNCTION, **back)) == [
        (f"rolled back to version {OLD[:8]}", FUNCTION, "-")
    ]
    assert _told(_record("UpdateSecretVersionStage", 0, FUNCTION, **ended)) == [
        (f"version {OLD[:8]} revoked", FUNCTION, "-")
    ]


@pytest.mark.parametrize(
    ("identity", "by"),
    [
        ({"invokedBy": "cloudformation.amazonaws.com"}, "cloudformation.amazonaws.com"),
        ({"principalId": "AIDA"}, "AIDA"),
        (None, "-"),
    ],
)
def test_the_caller_is_named_as_well_as_is_known(identity: dict[str, str] | None, by: str) -> None:
    (told,) = _told({**_record("DeleteSecret"), "userIdentity": identity})

    assert told[1] == by


def test_tags_that_record_no_operation_are_none() -> None:
    assert Happened.from_tags({"alees:environment": "prod"}) is None
