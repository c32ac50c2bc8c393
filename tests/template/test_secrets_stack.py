"""What the stack of secrets holds, besides who may use it."""

import json
from pathlib import Path

import pytest

from alees_secrets.kinds import PLACEHOLDER_FIELD
from tests.template.reading import Template, only, plain, resources

KEPT = {"AWS::KMS::Key", "AWS::SecretsManager::Secret"}


def test_the_first_value_is_the_frozen_placeholder(prod: Template) -> None:
    # Another template or key makes CloudFormation write a new value over the one in use: never change this test.
    assert only(prod, "AWS::SecretsManager::Secret")["GenerateSecretString"] == {
        "GenerateStringKey": "alees_placeholder",
        "SecretStringTemplate": '{"alees_not_initialized":"true"}',
    }
    assert PLACEHOLDER_FIELD == "alees_not_initialized"


def test_the_secret_rotates_every_30_days_in_its_window_and_at_once(prod: Template) -> None:
    assert plain(only(prod, "AWS::SecretsManager::RotationSchedule")) == {
        "RotateImmediatelyOnUpdate": True,
        "RotationLambdaARN": "<DatabaseRotationFunction5F5966C8.Arn>",
        "RotationRules": {"Duration": "3h", "ScheduleExpression": "rate(30 days)"},
        "SecretId": "<DatabaseSecretBD1F58AE>",
    }


def test_the_first_rotation_waits_for_permission_role_and_policies(prod: Template) -> None:
    (schedule,) = resources(prod, "AWS::SecretsManager::RotationSchedule").values()

    assert set(schedule["DependsOn"]) >= {
        "DatabaseRotationPermission0A747C11",
        "DatabaseRotationRoleDefaultPolicy9E0183F2",
        "DatabaseSecretPolicyFB3A9A06",
    }


def test_the_key_rotates_every_year(prod: Template) -> None:
    key = only(prod, "AWS::KMS::Key")

    assert (key["EnableKeyRotation"], key["RotationPeriodInDays"]) == (True, 365)
    assert only(prod, "AWS::KMS::Alias")["AliasName"] == "alias/alees/prod/database"


def test_the_names_follow_the_convention(prod: Template, local: Template) -> None:
    assert only(prod, "AWS::SecretsManager::Secret")["Name"] == "alees/prod/database/credentials"
    assert only(local, "AWS::SecretsManager::Secret")["Name"] == "alees/local/database/credentials"


def test_data_is_kept_in_prod_and_destroyed_in_local(prod: Template, local: Template) -> None:
    for template, policy in ((prod, "RetainExceptOnCreate"), (local, "Delete")):
        for resource in template["Resources"].values():
            if resource["Type"] in KEPT:
                assert resource["DeletionPolicy"] == policy
    assert {r["UpdateReplacePolicy"] for r in prod["Resources"].values() if r["Type"] in KEPT} == {"Retain"}


def test_prod_is_protected_from_termination(assembly: Path) -> None:
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))["artifacts"]

    assert artifacts["AleesSecretsProd"]["properties"]["terminationProtection"] is True
    assert not artifacts["AleesSecretsLocal"]["properties"].get("terminationProtection")


@pytest.mark.parametrize("kind", ["AWS::CloudFormation::CustomResource", "Custom::"])
def test_there_are_no_custom_resources_and_no_exports(prod: Template, kind: str) -> None:
    assert not [name for name, each in prod["Resources"].items() if each["Type"].startswith(kind)]
    assert "Outputs" not in prod


def test_the_function_runs_in_the_declared_network_on_arm(prod: Template) -> None:
    function = only(prod, "AWS::Lambda::Function")

    assert (function["Architectures"], function["Runtime"], function["Timeout"]) == (["arm64"], "python3.14", 60)
    assert function["VpcConfig"] == {
        "SecurityGroupIds": ["sg-0123456789abcdef0"],
        "SubnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    }


def test_the_functions_log_is_kept_as_long_as_configured(prod: Template, local: Template) -> None:
    assert only(prod, "AWS::Logs::LogGroup")["RetentionInDays"] == 365
    assert only(local, "AWS::Logs::LogGroup")["RetentionInDays"] == 7


def test_the_logical_ids_of_what_must_not_be_replaced_stay(prod: Template) -> None:
    # A new logical id replaces a secret or key, and turns rotation off silently.
    kinds = KEPT | {"AWS::SecretsManager::RotationSchedule", "AWS::KMS::Alias"}
    assert {name for name, each in prod["Resources"].items() if each["Type"] in kinds} == {
        "DatabaseKey7998E78F",
        "DatabaseKeyAlias9C19490C",
        "DatabaseSecretBD1F58AE",
        "DatabaseSecretScheduleA68561C1",
    }
