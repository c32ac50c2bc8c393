from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monitoring_handlers import findings
from monitoring_handlers.alerting.reading import finding_in
from monitoring_handlers.alerting.texts.rotation import ROTATION
from monitoring_handlers.alerting.texts.tampering import TAMPERING
from monitoring_handlers.findings import Finding
from tests.unit.monitoring_handlers.events import (
    ACCOUNT,
    ALARM,
    CLOUDFORMATION,
    DATABASE,
    DATABASE_ARN,
    FUNCTION,
    JANE,
    RAISING,
    REGION,
    TOPIC,
    alarm,
    api_call,
    event,
    failed_canary,
    key_call,
    service_event,
)
from tests.unit.monitoring_handlers.watching import PROD

AT = datetime(2026, 11, 25, 3, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("alert", "about", "raising"), RAISING, ids=[f"{alert}-{n}" for n, (alert, *_) in enumerate(RAISING)]
)
def test_alert_is_raised_when_the_event_says_so(alert: str, about: str, raising: dict[str, Any]) -> None:
    found = finding_in(raising, PROD)

    assert found is not None
    assert (found.alert, found.environment, found.about, found.at) == (alert, "prod", about, AT)


def test_every_immediate_alert_has_an_event_that_raises_it() -> None:
    assert {text.id for text in (*ROTATION, *TAMPERING)} == {alert for alert, *_ in RAISING}


def _secret_call(name: str, secret: str, **other: Any) -> dict[str, Any]:
    return api_call("secretsmanager", name, {"secretId": secret}, **other)


NEAR_MISSES = {
    "rotation that succeeded": service_event("RotationSucceeded"),
    "rotation in another environment": service_event("RotationFailed", DATABASE_ARN.replace("/prod/", "/staging/")),
    "rotation in a longer named environment": service_event("RotationFailed", DATABASE_ARN.replace("prod", "prod2")),
    "deletion that begins, of which its call tells": service_event("StartSecretVersionDelete"),
    "secret of another environment": _secret_call("DeleteSecret", "alees/dev/database/credentials"),
    "secret of another account": _secret_call("DeleteSecret", DATABASE_ARN.replace(ACCOUNT, "999988887777")),
    "secret of somebody else": _secret_call("DeleteSecret", "payroll"),
    "refused deletion": _secret_call("DeleteSecret", DATABASE, errorCode="AccessDenied"),
    "event of another account": _secret_call("DeleteSecret", DATABASE, recipientAccountId="999988887777"),
    "reading": _secret_call("GetSecretValue", DATABASE),
    "reading of the policy": _secret_call("GetResourcePolicy", DATABASE),
    "rotation now": _secret_call("RotateSecret", DATABASE),
    "new value": _secret_call("UpdateSecret", DATABASE),
    "policy by CloudFormation": _secret_call("PutResourcePolicy", DATABASE, identity=CLOUDFORMATION),
    "schedule by CloudFormation": api_call(
        "secretsmanager", "RotateSecret", {"secretId": DATABASE, "rotationRules": {}}, identity=CLOUDFORMATION
    ),
    "key of others": key_call("DisableKey", "aaaaaaaa-12ab-34cd-56ef-1234567890ab"),
    "key of another environment": key_call("DisableKey", "other"),
    "alias of another environment": api_call("kms", "DeleteAlias", {"aliasName": "alias/alees/dev/database"}),
    "use of a key": key_call("Decrypt"),
    "grant for a table by a deployment": api_call(
        "kms",
        "CreateGrant",
        {"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
        identity={**CLOUDFORMATION, "invokedBy": "dynamodb.amazonaws.com"},
    ),
    "another trail": api_call("cloudtrail", "StopLogging", {"name": "others"}),
    "another bucket": api_call("s3", "PutBucketPolicy", {"bucketName": "alees-backups"}),
    "trail by CloudFormation": api_call(
        "cloudtrail", "UpdateTrail", {"name": "alees-secrets"}, identity=CLOUDFORMATION
    ),
    "alarm of others": api_call("monitoring", "DeleteAlarms", {"alarmNames": ["AleesSecretsStaging-x"]}),
    "rule of an environment of a longer name": api_call("events", "DeleteRule", {"name": "AleesSecretsProd2-x"}),
    "rule by CloudFormation": api_call("events", "PutRule", {"name": "AleesSecretsProd-x"}, identity=CLOUDFORMATION),
    "topic for applications": api_call(
        "sns", "Subscribe", {"topicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:alees-prod-secret-updates"}
    ),
    "topic of another environment": api_call("sns", "DeleteTopic", {"topicArn": TOPIC.replace("Prod", "Dev")}),
    "function of others": api_call("lambda", "UpdateFunctionCode20150331v2", {"functionName": "invoices"}),
    "function of another account": api_call(
        "lambda", "DeleteFunction20150331", {"functionName": f"999988887777:function:{FUNCTION}"}
    ),
    "function by CloudFormation": api_call(
        "lambda", "UpdateFunctionCode20150331v2", {"functionName": FUNCTION}, identity=CLOUDFORMATION
    ),
    "log group of others": api_call("logs", "DeleteLogGroup", {"logGroupName": "/aws/lambda/invoices"}),
    "canary of another environment": failed_canary(
        "canary-refused: no", function=FUNCTION.replace("Prod", "Dev"), secret=DATABASE_ARN.replace("prod", "dev")
    ),
    "alarm that ends": alarm(state="OK"),
    "alarm without data": alarm(state="INSUFFICIENT_DATA"),
    "alarm of another environment": alarm(name=ALARM.replace("Prod", "Staging")),
    "call without parameters": api_call("secretsmanager", "DeleteSecret", None),
    "another sort of event": event("aws.secretsmanager", "Secret Label Updated", {"name": DATABASE}),
}


@pytest.mark.parametrize("ordinary", NEAR_MISSES.values(), ids=NEAR_MISSES.keys())
def test_nothing_is_told_when_it_is_ordinary_or_not_ours(ordinary: dict[str, Any]) -> None:
    assert finding_in(ordinary, PROD) is None


def test_somebody_else_with_cloudformations_role_is_told() -> None:
    by_hand = {**CLOUDFORMATION, "invokedBy": None}

    assert finding_in(_secret_call("PutResourcePolicy", DATABASE, identity=by_hand), PROD) is not None


def test_cloudformation_with_another_role_is_told() -> None:
    other = {**JANE, "invokedBy": "cloudformation.amazonaws.com"}

    assert finding_in(_secret_call("PutResourcePolicy", DATABASE, identity=other), PROD) is not None


def test_every_trail_counts_when_others_made_the_accounts() -> None:
    theirs = replace(PROD, trail="", trail_log_group="org-trail")

    found = finding_in(api_call("cloudtrail", "StopLogging", {"name": "whichever"}), theirs)
    assert found is not None
    assert found.about == "whichever"
    assert finding_in(api_call("logs", "DeleteLogGroup", {"logGroupName": "org-trail"}), theirs) is not None
    assert finding_in(api_call("s3", "PutBucketPolicy", {"bucketName": f"alees-trail-{ACCOUNT}-x"}), theirs) is None


def test_who_what_and_whence_are_told_when_somebody_deletes_a_secret() -> None:
    found = finding_in(
        api_call("secretsmanager", "DeleteSecret", {"secretId": DATABASE, "forceDeleteWithoutRecovery": True}), PROD
    )

    assert found is not None
    assert found.by == JANE["arn"]
    assert found.facts == {
        "call": "DeleteSecret",
        "source": "203.0.113.7",
        "user": "jane",
        "in_region": REGION,
        "recovery": "at once and cannot be restored",
    }


def test_a_crash_of_a_canary_is_told_without_its_message() -> None:
    found = finding_in(failed_canary("canary-refused: could hold anything", error_type="ValueError"), PROD)

    assert found is not None
    assert "anything" not in str(found)
    assert found.facts["reason"] == "the function crashed or ran out of time (ValueError)"


def test_alarm_is_told_with_the_alert_that_its_description_begins_with() -> None:
    found = finding_in(alarm(), PROD)

    assert found is not None
    assert (found.alert, found.about, found.by) == ("health-silent", ALARM, "-")
    assert found.facts["reason"] == "no datapoints were received for 2 periods"


def test_an_alarm_whose_description_names_no_alert_fails_loudly() -> None:
    with pytest.raises(ValueError, match="does not begin with the id of an alert"):
        finding_in(alarm(description="Something"), PROD)


@pytest.mark.parametrize(("environment", "told"), [("prod", True), ("staging", False)])
def test_a_finding_is_told_in_its_own_environment_alone(environment: str, *, told: bool) -> None:
    finding = Finding(alert="read-denied", environment=environment, about=DATABASE, at=AT)
    sent = event(findings.SOURCE, findings.DETAIL_TYPE, {"at": AT.isoformat(), "facts": {}, **_detail(finding)})

    assert (finding_in(sent, PROD) == finding) is told


def _detail(finding: Finding) -> dict[str, Any]:
    return {"alert": finding.alert, "environment": finding.environment, "about": finding.about, "by": finding.by}
