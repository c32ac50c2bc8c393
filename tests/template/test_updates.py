"""Applications hear of changed secrets; where they cannot, a reload command runs."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

import app
from config.email import ByHand
from config.environments import prod as declared_prod
from config.reload import ReloadCommand
from stacks.deployment import add_stacks
from tests.template.reading import Template, one, only, plain, resources, role_statements, statements

ACCOUNT = "111122223333"
PATTERN = {
    "source": ["aws.secretsmanager"],
    "detail-type": ["Secret Label Updated"],
    "detail": {"name": [{"prefix": "alees/prod/"}], "labelUpdated": ["AWSCURRENT", "alees-revoked"]},
}


def test_every_changed_secret_of_the_environment_reaches_an_encrypted_topic(prod: Template) -> None:
    topic = prod["Resources"][one(prod, "AWS::SNS::Topic", "SecretUpdates")]["Properties"]
    rule = plain(prod["Resources"][one(prod, "AWS::Events::Rule", "SecretUpdates")]["Properties"])

    assert topic["TopicName"] == "alees-prod-secret-updates"
    assert plain(topic["KmsMasterKeyId"]) == "<WatchKey2C263B3B.Arn>"
    assert rule["EventPattern"] == PATTERN
    assert [target["Arn"] for target in rule["Targets"]] == [f"<{one(prod, 'AWS::SNS::Topic', 'SecretUpdates')}>"]


def test_only_the_rules_service_publishes_and_nobody_is_granted_to_subscribe(prod: Template) -> None:
    found = [each for name, each in statements(prod) if name.startswith("SecretUpdatesTopicPolicy")]

    assert [(each["Effect"], each["Action"]) for each in found] == [("Deny", "sns:Publish"), ("Allow", "sns:Publish")]
    assert found[1]["Principal"] == {"Service": "events.amazonaws.com"}
    assert not [each for _, each in statements(prod) if "sns:Subscribe" in str(each["Action"])]


def test_no_command_runs_when_none_is_declared(templates: dict[str, Template]) -> None:
    for template in templates.values():
        assert not resources(template, "AWS::SSM::Document")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of Prod with a reload command and mail credentials that people set, checked by cdk-nag."""
    command = ReloadCommand(
        commands=("set -e", "systemctl reload alees"), tag="alees:reload", values=("prod", "prod-workers")
    )
    out = tmp_path_factory.mktemp("changed")
    built = App(outdir=str(out))
    add_stacks(built, [replace(declared_prod(), reload=command, email=ByHand())])
    app.check_with(built, AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, HIPAASecurityChecks)
    built.synth()
    return out


@pytest.fixture(scope="module")
def reloading(changed: Path) -> Template:
    """That Prod's template of secrets."""
    template: Template = json.loads((changed / "AleesSecretsProd.template.json").read_text(encoding="utf-8"))
    return template


def test_the_command_runs_on_the_tagged_instances_when_a_secret_changed(reloading: Template) -> None:
    rule = plain(reloading["Resources"][one(reloading, "AWS::Events::Rule", "Reload")]["Properties"])
    document = one(reloading, "AWS::SSM::Document", "Reload")

    assert rule["EventPattern"] == PATTERN
    (target,) = rule["Targets"]
    assert target["Arn"] == f"arn:aws:ssm:eu-central-1:{ACCOUNT}:document/<{document}>"
    assert target["RunCommandParameters"] == {
        "RunCommandTargets": [{"Key": "tag:alees:reload", "Values": ["prod", "prod-workers"]}]
    }
    role = one(reloading, "AWS::IAM::Role", "Reload")
    assert target["RoleArn"] == f"<{role}.Arn>"


def test_the_document_runs_the_declared_lines_and_takes_no_parameters(reloading: Template) -> None:
    document = only(reloading, "AWS::SSM::Document")

    assert "parameters" not in document["Content"]
    (step,) = document["Content"]["mainSteps"]
    assert step["inputs"]["runCommand"] == ["set -e", "systemctl reload alees"]


def test_the_rules_role_may_run_that_document_on_those_instances_alone(reloading: Template) -> None:
    role = one(reloading, "AWS::IAM::Role", "Reload")
    document = one(reloading, "AWS::SSM::Document", "Reload")

    assert role_statements(reloading, role) == [
        {
            "Action": "ssm:SendCommand",
            "Effect": "Allow",
            "Resource": f"arn:aws:ssm:eu-central-1:{ACCOUNT}:document/<{document}>",
        },
        {
            "Action": "ssm:SendCommand",
            "Condition": {"StringEquals": {"ssm:resourceTag/alees:reload": ["prod", "prod-workers"]}},
            "Effect": "Allow",
            "Resource": f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/*",
        },
    ]
    trusts = {name: each for name, each in statements(reloading) if each["Action"] == "sts:AssumeRole"}
    assert trusts[role]["Principal"] == {"Service": "events.amazonaws.com"}


def test_the_secret_has_a_function_and_no_schedule_when_people_set_the_credentials(reloading: Template) -> None:
    functions = resources(reloading, "AWS::Lambda::Function")
    schedules = resources(reloading, "AWS::SecretsManager::RotationSchedule")
    (email,) = (each["Properties"] for name, each in functions.items() if name.startswith("Email"))

    assert email["FunctionName"] == "AleesSecretsProd-EmailByHand"  # as the command line looks for it
    assert email["Environment"]["Variables"] == {"EMAIL_PROVIDER": "by-hand", "EMAIL_CERTIFICATES": "system"}
    assert not [name for name in schedules if name.startswith("Email")]
    assert not resources(reloading, "AWS::IAM::User")
    assert [each["Action"] for each in role_statements(reloading, one(reloading, "AWS::IAM::Role", "Email"))] == [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "secretsmanager:GetSecretValue",
        ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"],
        "secretsmanager:TagResource",
        ["kms:Decrypt", "kms:GenerateDataKey"],
    ]


def test_no_pack_finds_anything_there_that_is_not_accepted(changed: Path) -> None:
    report: Any = json.loads((changed / "validation-report.json").read_text(encoding="utf-8"))

    assert [each["violations"] for each in report["pluginReports"]] == [[], [], [], []]


def test_the_email_function_runs_outside_any_vpc_and_knows_user_and_endpoint(prod: Template) -> None:
    functions = resources(prod, "AWS::Lambda::Function").items()
    (email,) = (each["Properties"] for name, each in functions if name.startswith("Email"))

    assert "VpcConfig" not in email
    assert email["Environment"]["Variables"] == {
        "EMAIL_PROVIDER": "ses",
        "EMAIL_CERTIFICATES": "system",
        "EMAIL_HOST": "email-smtp.eu-central-1.amazonaws.com",
        "EMAIL_PORT": "587",
        "EMAIL_REGION": "eu-central-1",
        "EMAIL_USER": "alees-prod-smtp",
    }
