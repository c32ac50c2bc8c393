"""What hears of reads: the pattern, the permission, the rights, the matrix in the package, the alarm and the query."""

import json
from pathlib import Path
from typing import Any

import pytest

from config.environments import prod as declared_prod
from constructs_lib.access.read_matrix import read_matrix
from constructs_lib.access_watch import PATTERN
from local_cloud.launcher.logs.json_patterns import compiled
from tests.template.reading import Template, one, plain, resources, role_statements

ACCOUNT = "111122223333"


def _function(template: Template) -> str:
    return one(template, "AWS::Lambda::Function", "AccessWatch")


def test_the_function_is_subscribed_to_the_trails_log_group(templates: dict[str, Template], prod: Template) -> None:
    (group,) = (
        each["Properties"]
        for each in resources(templates[f"AleesSecretsAccount{ACCOUNT}"], "AWS::Logs::LogGroup").values()
    )
    ((name, subscription),) = resources(prod, "AWS::Logs::SubscriptionFilter").items()

    assert name.startswith("AccessWatch")
    assert plain(subscription["Properties"]) == {
        "LogGroupName": group["LogGroupName"],
        "FilterPattern": PATTERN,
        "DestinationArn": f"<{_function(prod)}.Arn>",
    }
    assert subscription["DependsOn"] == [one(prod, "AWS::Lambda::Permission", "AccessWatch")]
    assert len(PATTERN) <= 1024


def test_logs_of_this_trail_alone_may_invoke_the_function(prod: Template) -> None:
    permission = prod["Resources"][one(prod, "AWS::Lambda::Permission", "AccessWatch")]["Properties"]

    assert plain(permission) == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": f"<{_function(prod)}.Arn>",
        "Principal": "logs.amazonaws.com",
        "SourceAccount": ACCOUNT,
        "SourceArn": f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:/alees/trail:*",
    }


def test_the_trails_key_admits_logs_for_its_log_group_alone(templates: dict[str, Template]) -> None:
    account = templates[f"AleesSecretsAccount{ACCOUNT}"]
    ((_, key),) = resources(account, "AWS::KMS::Key").items()
    (encrypt,) = (each for each in key["Properties"]["KeyPolicy"]["Statement"] if each.get("Sid") == "LogGroupsEncrypt")

    assert plain(encrypt["Condition"]) == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:/alees/trail"}
    }


def test_the_function_may_remember_and_tell_and_read_no_secret(prod: Template) -> None:
    statements = role_statements(prod, one(prod, "AWS::IAM::Role", "AccessWatch"))
    allowed = {
        action: resource
        for each in statements
        for action in _list(each["Action"])
        for resource in _list(each["Resource"])
    }

    table = one(prod, "AWS::DynamoDB::Table", "AccessWatch")
    assert allowed == {
        "logs:CreateLogStream": f"<{one(prod, 'AWS::Logs::LogGroup', 'AccessWatch')}.Arn>",
        "logs:PutLogEvents": f"<{one(prod, 'AWS::Logs::LogGroup', 'AccessWatch')}.Arn>",
        "dynamodb:UpdateItem": f"<{table}.Arn>",
        "events:PutEvents": f"arn:aws:events:eu-central-1:{ACCOUNT}:event-bus/default",
        "kms:ListAliases": "*",
    }


def test_what_the_function_remembers_of_minutes_expires(prod: Template) -> None:
    table = prod["Resources"][one(prod, "AWS::DynamoDB::Table", "AccessWatch")]["Properties"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert [each["AttributeName"] for each in table["KeySchema"]] == ["id"]


def test_the_package_holds_the_matrix(assembly: Path, prod: Template) -> None:
    function = prod["Resources"][_function(prod)]["Properties"]
    asset = assembly / f"asset.{function['Code']['S3Key'].removesuffix('.zip')}"

    assert (asset / "matrix.json").read_text(encoding="utf-8") == read_matrix(declared_prod())
    assert (asset / "monitoring_handlers" / "access_watch" / "handler.py").exists()
    assert function["Handler"] == "monitoring_handlers.access_watch.handler.handler"


def test_the_matrix_names_who_may_read_and_nobody_for_the_honey_secret() -> None:
    matrix = json.loads(read_matrix(declared_prod()))
    readers = {each["principal"] for each in matrix["readers"] if "alees/prod/jwt/credentials" in each["names"]}

    assert readers == {f"role/alees/prod/alees-prod-{duty}" for duty in ("application", "jwt-rotation")}
    assert all(matrix["honey"] in each["but"] for each in matrix["readers"])
    assert {each["principal"].rpartition("-prod-")[2] for each in matrix["readers"] if each["learned"]} == {
        "application"
    }


def test_an_alarm_rings_when_more_is_read_than_usual(prod: Template) -> None:
    alarm = prod["Resources"][one(prod, "AWS::CloudWatch::Alarm", "ReadStatistics")]["Properties"]
    band, reads = alarm["Metrics"]

    assert alarm["AlarmDescription"].startswith("reads-unusual: ")
    assert (alarm["ThresholdMetricId"], alarm["ComparisonOperator"]) == (band["Id"], "GreaterThanUpperThreshold")
    assert reads["MetricStat"]["Metric"] == {
        "Namespace": "AleesSecrets",
        "MetricName": "Reads",
        "Dimensions": [{"Name": "environment", "Value": "prod"}],
    }
    assert band["Expression"] == "ANOMALY_DETECTION_BAND(m0, 4)"


def test_the_matrix_names_who_may_change_what() -> None:
    writers = json.loads(read_matrix(declared_prod()))["writers"]

    assert {
        each["principal"].rpartition("-prod-")[2]
        for each in writers
        if "PutSecretValue" in each["calls"] and "alees/prod/jwt/credentials" in each["names"]
    } == {"jwt-rotation", "writer"}
    assert {each["principal"].rpartition("-prod-")[2] for each in writers if "UpdateSecret" in each["calls"]} == {
        "break-glass"
    }
    assert not any(call.startswith(("Get", "List", "Describe", "Tag")) for each in writers for call in each["calls"])


def test_a_saved_query_tells_who_reads_what(prod: Template) -> None:
    query = prod["Resources"][one(prod, "AWS::Logs::QueryDefinition", "ReadStatistics")]["Properties"]

    assert query["LogGroupNames"] == ["/alees/trail"]
    assert 'secret like "alees/prod/"' in query["QueryString"]
    assert 'sum(strcontains(errorCode, "AccessDenied")) as denied' in query["QueryString"]


def _list(given: Any) -> list[str]:
    return given if isinstance(given, list) else [given]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"eventSource": "secretsmanager.amazonaws.com", "readOnly": True}, True),
        ({"eventSource": "kms.amazonaws.com", "readOnly": True}, False),
        ({"eventSource": "kms.amazonaws.com", "readOnly": True, "errorCode": "AccessDenied"}, True),
        ({"eventSource": "kms.amazonaws.com", "readOnly": False}, True),
        ({"eventSource": "sts.amazonaws.com", "requestParameters": {"roleArn": "a-break-glass"}}, True),
        ({"eventSource": "sts.amazonaws.com", "requestParameters": {"roleArn": "a-application"}}, False),
        ({"eventSource": "sts.amazonaws.com", "requestParameters": None}, False),
        ({"eventSource": "iam.amazonaws.com", "readOnly": False}, True),
        ({"eventSource": "iam.amazonaws.com", "readOnly": True}, False),
        ({"eventSource": "ec2.amazonaws.com", "readOnly": False}, False),
    ],
)
def test_only_what_is_judged_is_sent_when_the_trail_writes(record: object, expected: bool) -> None:  # noqa: FBT001
    assert compiled(PATTERN)(json.dumps(record)) is expected
