"""What the alerting function hears of, where it publishes, and that nothing is lost in between."""

import json
import uuid
from typing import Any

import pytest

from local_cloud.launcher.emulator import emulated
from monitoring_handlers import findings
from monitoring_handlers.alerting.texts import TEXTS
from monitoring_handlers.tampering import CALLS
from tests.template.reading import Template, one, plain, resources, role_statements, statements
from tests.unit.monitoring_handlers.events import ACCOUNT, RAISING, alarm, api_call, event, service_event

LONGEST_PATTERN = 2048
"""https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""


def _patterns(template: Template) -> dict[str, dict[str, Any]]:
    """Return the patterns of the rules that invoke the alerting function."""
    function = f"<{one(template, 'AWS::Lambda::Function', 'Alerting')}.Arn>"
    rules = {name: plain(each["Properties"]) for name, each in resources(template, "AWS::Events::Rule").items()}
    return {
        name: rule["EventPattern"]
        for name, rule in rules.items()
        if function in [target["Arn"] for target in rule["Targets"]]
    }


def _heard(template: Template, sent: dict[str, Any]) -> bool:
    """Tell whether a rule matches an event, as the local AWS matches them."""
    kept = {
        "EventId": str(uuid.uuid4()),
        "Source": sent["source"],
        "DetailType": sent["detail-type"],
        "Detail": json.dumps(sent["detail"]),
        "EventBusName": "default",
        "Time": sent["time"],
        "Resources": sent["resources"],
        "Account": sent["account"],
        "Region": sent["region"],
    }
    view = emulated("services.eventbridge", "_pattern_event_view")(kept)
    matches = emulated("services.eventbridge", "_matches_pattern_view")
    return any(matches(json.dumps(pattern), view, name) for name, pattern in _patterns(template).items())


@pytest.mark.parametrize("number", range(len(RAISING)))
def test_a_rule_hears_of_every_event_that_raises_an_alert(prod: Template, number: int) -> None:
    assert _heard(prod, RAISING[number][2])


def test_a_rule_hears_of_alarms_and_findings(prod: Template) -> None:
    assert _heard(prod, alarm())
    assert _heard(prod, event(findings.SOURCE, findings.DETAIL_TYPE, {"environment": "prod"}))


def test_no_rule_hears_of_what_happens_all_the_time(prod: Template) -> None:
    ordinary = [
        service_event("RotationSucceeded"),
        api_call("secretsmanager", "PutSecretValue", {"secretId": "alees/prod/database/credentials"}),
        api_call("secretsmanager", "DeleteSecret", {"secretId": "alees/staging/database/credentials"}),
        api_call("logs", "CreateLogStream", {"logGroupName": "AleesSecretsProd-AlertingLog717782BA-x"}),
        api_call("lambda", "UpdateFunctionCode20150331v2", {"functionName": "invoices"}),
        api_call("s3", "PutBucketPolicy", {"bucketName": "invoices"}),
        alarm(state="OK"),
        alarm(name="AleesSecretsStaging-x"),
        event(findings.SOURCE, findings.DETAIL_TYPE, {"environment": "staging"}),
    ]

    assert [each["detail"] for each in ordinary if _heard(prod, each)] == []


def test_every_call_that_is_judged_is_heard_of_by_name(prod: Template) -> None:
    """Of the services whose rules name calls; the others' rules name things."""
    named = json.dumps(_patterns(prod))
    services = ("secretsmanager", "kms", "cloudtrail", "logs")

    assert [call for service in services for call in CALLS[service] if f'"{call}"' not in named] == []


def test_every_pattern_is_as_short_as_eventbridge_wants(templates: dict[str, Template]) -> None:
    for name in ("Dev", "Staging", "Prod", "Local"):
        for pattern in _patterns(templates[f"AleesSecrets{name}"]).values():
            assert len(json.dumps(pattern).replace("<AWS::AccountId>", ACCOUNT)) <= LONGEST_PATTERN


def test_every_alarm_begins_with_an_alert_that_has_a_text(templates: dict[str, Template]) -> None:
    described = {
        name: str(each["Properties"].get("AlarmDescription", ""))
        for template in templates.values()
        for name, each in resources(template, "AWS::CloudWatch::Alarm").items()
    }

    assert {name: text for name, text in described.items() if text.partition(": ")[0] not in TEXTS} == {}


def test_the_topic_is_encrypted_and_takes_nothing_without_tls(prod: Template) -> None:
    topic = one(prod, "AWS::SNS::Topic", "Alerts")

    assert plain(prod["Resources"][topic]["Properties"]["KmsMasterKeyId"]) == "<WatchKey2C263B3B.Arn>"
    found = [each for name, each in statements(prod) if name.startswith("AlertsTopicPolicy")]
    assert [(each["Effect"], each["Action"]) for each in found if "SecureTransport" in str(each)] == [
        ("Deny", "sns:Publish")
    ]


def test_who_is_declared_is_subscribed(prod: Template, local: Template) -> None:
    subscribed = {
        (each["Properties"]["Protocol"], each["Properties"]["Endpoint"])
        for each in resources(prod, "AWS::SNS::Subscription").values()
    }

    assert subscribed == {("email", "oncall@alees.example"), ("https", "https://pager.alees.example/sns")}
    assert not resources(local, "AWS::SNS::Subscription")


def test_what_the_function_fails_to_tell_goes_to_the_topic_as_it_is(prod: Template) -> None:
    settings = prod["Resources"][one(prod, "AWS::Lambda::EventInvokeConfig", "Alerting")]["Properties"]

    assert settings["MaximumRetryAttempts"] == 2
    assert plain(settings["DestinationConfig"]) == {
        "OnFailure": {"Destination": f"<{one(prod, 'AWS::SNS::Topic', 'Alerts')}>"}
    }


def test_repetitions_are_counted_in_an_encrypted_table_that_forgets(prod: Template) -> None:
    table = plain(prod["Resources"][one(prod, "AWS::DynamoDB::Table", "Alerts")]["Properties"])

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["KeySchema"] == [{"AttributeName": "alert", "KeyType": "HASH"}]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["SSESpecification"]["KMSMasterKeyId"] == "<WatchKey2C263B3B.Arn>"


def test_the_function_may_publish_count_and_name_keys_and_nothing_else(prod: Template) -> None:
    found = role_statements(prod, one(prod, "AWS::IAM::Role", "Alerting"))

    assert [(each["Action"], each["Resource"]) for each in found] == [
        (["logs:CreateLogStream", "logs:PutLogEvents"], f"<{one(prod, 'AWS::Logs::LogGroup', 'Alerting')}.Arn>"),
        ("dynamodb:UpdateItem", [f"<{one(prod, 'AWS::DynamoDB::Table', 'Alerts')}.Arn>"]),
        (
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "<WatchKey2C263B3B.Arn>",
        ),  # through SNS and DynamoDB: the matrix' tests
        ("kms:ListAliases", "*"),
        ("sns:Publish", f"<{one(prod, 'AWS::SNS::Topic', 'Alerts')}>"),
    ]


def test_the_key_admits_who_publishes_and_counts(prod: Template) -> None:
    found = {each.get("Sid"): each for _, each in statements(prod)}
    services = ["dynamodb.eu-central-1.amazonaws.com", "sns.eu-central-1.amazonaws.com"]

    assert found["EventsPublish"]["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in found["EventsPublish"]  # EventBridge would send nothing
    assert found["AlarmsPublish"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert found["AlarmsPublish"]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert found["UseThroughAlerts"]["Condition"] == {
        "StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": services}
    }
    assert found["TableGrants"]["Action"] == "kms:CreateGrant"
    assert found["TableGrants"]["Condition"] == {
        "StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": services[0]},
        "Bool": {"kms:GrantIsForAWSResource": "true"},
    }


def test_the_function_knows_its_environment_topic_table_and_trail(prod: Template) -> None:
    function = prod["Resources"][one(prod, "AWS::Lambda::Function", "Alerting")]["Properties"]

    assert plain(function["Environment"]["Variables"]) == {
        "ENVIRONMENT": "prod",
        "STACK": "AleesSecretsProd",
        "ACCOUNT": ACCOUNT,
        "TRAIL": "alees-secrets",
        "TRAIL_LOG_GROUP": "/alees/trail",
        "TOPIC_ARN": f"<{one(prod, 'AWS::SNS::Topic', 'Alerts')}>",
        "TABLE": f"<{one(prod, 'AWS::DynamoDB::Table', 'Alerts')}>",
    }
