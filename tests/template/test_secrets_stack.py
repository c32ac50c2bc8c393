"""What the stacks of secrets hold, besides who may use it."""

import json
from pathlib import Path

import pytest

from tests.template.reading import Template, only, plain, resources

KEPT = {"AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::S3::Bucket", "AWS::CloudTrail::Trail"}
STACKS = ("AleesSecretsProd", "AleesSecretsProdApi01", "AleesSecretsLocal", "AleesSecretsLocalApi01")


@pytest.mark.parametrize("stack", STACKS)
def test_the_first_value_is_the_frozen_placeholder(templates: dict[str, Template], stack: str) -> None:
    # Another template or key makes CloudFormation write a new value over the one in use: never change this test.
    for secret in resources(templates[stack], "AWS::SecretsManager::Secret").values():
        assert secret["Properties"]["GenerateSecretString"] == {
            "GenerateStringKey": "alees_placeholder",
            "SecretStringTemplate": '{"alees_not_initialized":"true"}',
        }


@pytest.mark.parametrize(("domain", "days"), [("Database", 30), ("Jwt", 30), ("Email", 90)])
def test_a_secret_rotates_in_its_window_and_at_once(prod: Template, domain: str, days: int) -> None:
    (function,) = (name for name in resources(prod, "AWS::Lambda::Function") if name.startswith(domain))
    (secret,) = (name for name in resources(prod, "AWS::SecretsManager::Secret") if name.startswith(domain))
    (schedule,) = (
        each
        for name, each in resources(prod, "AWS::SecretsManager::RotationSchedule").items()
        if name.startswith(domain)
    )

    assert plain(schedule["Properties"]) == {
        "RotateImmediatelyOnUpdate": True,
        "RotationLambdaARN": f"<{function}.Arn>",
        "RotationRules": {"Duration": "3h", "ScheduleExpression": f"rate({days} days)"},
        "SecretId": f"<{secret}>",
    }


@pytest.mark.parametrize("domain", ["Database", "Jwt", "Email"])
def test_the_first_rotation_waits_for_permission_role_and_policies(prod: Template, domain: str) -> None:
    (schedule,) = (
        each
        for name, each in resources(prod, "AWS::SecretsManager::RotationSchedule").items()
        if name.startswith(domain)
    )

    waits = " ".join(schedule["DependsOn"])
    for resource in (f"{domain}RotationPermission", f"{domain}RotationRoleDefaultPolicy", f"{domain}SecretPolicy"):
        assert resource in waits


@pytest.mark.parametrize("service", ["partners", "payments"])
def test_an_api_key_rotates_every_90_days_in_its_window_when_everything_is_ready(
    templates: dict[str, Template], service: str
) -> None:
    api = templates["AleesSecretsProdApi01"]
    (function,) = resources(api, "AWS::Lambda::Function")
    (secret,) = (name for name in resources(api, "AWS::SecretsManager::Secret") if service in name)
    schedules = resources(api, "AWS::SecretsManager::RotationSchedule")
    (schedule,) = (each for name, each in schedules.items() if service in name)

    assert plain(schedule["Properties"]) == {
        "RotateImmediatelyOnUpdate": True,
        "RotationLambdaARN": f"<{function}.Arn>",
        "RotationRules": {"Duration": "3h", "ScheduleExpression": "rate(90 days)"},
        "SecretId": f"<{secret}>",
    }
    waits = " ".join(schedule["DependsOn"])
    for resource in ("ApiKeyRotationPermission", "ApiKeyRotationRoleDefaultPolicy", f"Service{service}Policy"):
        assert resource in waits


def test_every_key_rotates_every_year_and_has_an_alias(templates: dict[str, Template]) -> None:
    for template in templates.values():
        for key in resources(template, "AWS::KMS::Key").values():
            properties = key["Properties"]
            assert (properties["EnableKeyRotation"], properties["RotationPeriodInDays"]) == (True, 365)
        assert len(resources(template, "AWS::KMS::Key")) == len(resources(template, "AWS::KMS::Alias"))


def test_the_names_follow_the_convention(prod: Template, templates: dict[str, Template]) -> None:
    secrets = resources(prod, "AWS::SecretsManager::Secret").values()

    assert sorted(each["Properties"]["Name"] for each in secrets) == [
        "alees/prod/admin/credentials",
        "alees/prod/database/credentials",
        "alees/prod/email/credentials",
        "alees/prod/jwt/credentials",
    ]
    api = templates["AleesSecretsProdApi01"]
    assert [each["Properties"]["Name"] for each in resources(api, "AWS::SecretsManager::Secret").values()] == [
        "alees/prod/api/partners/key",
        "alees/prod/api/payments/key",
    ]
    assert [each["Properties"]["AliasName"] for each in resources(api, "AWS::KMS::Alias").values()] == [
        "alias/alees/prod/api-logs",
        "alias/alees/prod/api",
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_every_secret_is_replicated_under_the_plain_alias_of_the_recovery_region(
    templates: dict[str, Template], stack: str
) -> None:
    environment = "prod" if "Prod" in stack else "local"
    for secret in resources(templates[stack], "AWS::SecretsManager::Secret").values():
        assert secret["Properties"]["ReplicaRegions"] == [
            {"Region": "eu-west-1", "KmsKeyId": f"alias/alees/{environment}/recovery"}
        ]
    recovery = templates[f"AleesSecrets{environment.capitalize()}Recovery"]
    assert only(recovery, "AWS::KMS::Alias")["AliasName"] == f"alias/alees/{environment}/recovery"


def test_data_is_kept_in_prod_and_destroyed_in_dev(templates: dict[str, Template]) -> None:
    expected = {"Prod": "RetainExceptOnCreate", "Account1": "RetainExceptOnCreate", "Dev": "Delete"}
    for part, policy in expected.items():
        kept = [
            resource
            for stack, template in templates.items()
            if stack.startswith(f"AleesSecrets{part}")
            for resource in template["Resources"].values()
            if resource["Type"] in KEPT
        ]
        assert kept
        assert {resource["DeletionPolicy"] for resource in kept} == {policy}


def test_stacks_are_protected_from_termination_when_data_is_kept(assembly: Path) -> None:
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    protected = {
        name for name, each in artifacts.items() if each.get("properties", {}).get("terminationProtection") is True
    }

    assert {name for name in protected if "Prod" in name} == {
        "AleesSecretsProd",
        "AleesSecretsProdApi01",
        "AleesSecretsProdRecovery",
    }
    assert "AleesSecretsAccount111122223333" in protected
    assert not {name for name in protected if "Dev" in name or "Local" in name}


def test_prod_deploys_account_recovery_and_api_keys_first(assembly: Path) -> None:
    artifacts = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))["artifacts"]

    def needed(name: str) -> set[str]:
        return {each for each in artifacts[name].get("dependencies", []) if not each.endswith(".assets")}

    assert needed("AleesSecretsProd") == {
        "AleesSecretsAccount111122223333",
        "AleesSecretsProdApi01",
        "AleesSecretsProdRecovery",
    }
    assert needed("AleesSecretsProdApi01") == {"AleesSecretsAccount111122223333", "AleesSecretsProdRecovery"}


def test_there_are_no_custom_resources_and_no_exports(templates: dict[str, Template]) -> None:
    for template in templates.values():
        kinds = {each["Type"] for each in template["Resources"].values()}
        assert not [kind for kind in kinds if kind.startswith(("Custom::", "AWS::CloudFormation::CustomResource"))]
        assert "Outputs" not in template
        assert "Fn::ImportValue" not in json.dumps(template)


@pytest.mark.parametrize("domain", ["Database", "Jwt"])
def test_a_function_runs_in_the_declared_network_on_arm(prod: Template, domain: str) -> None:
    (function,) = (
        each["Properties"] for name, each in resources(prod, "AWS::Lambda::Function").items() if name.startswith(domain)
    )

    assert (function["Architectures"], function["Runtime"], function["Timeout"]) == (["arm64"], "python3.14", 60)
    assert function["VpcConfig"] == {
        "SecurityGroupIds": ["sg-0123456789abcdef0"],
        "SubnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    }


def test_the_endpoint_is_made_where_the_network_asks_for_it_and_nowhere_else(templates: dict[str, Template]) -> None:
    endpoint = only(templates["AleesSecretsProd"], "AWS::EC2::VPCEndpoint")

    assert endpoint["ServiceName"] == "com.amazonaws.eu-central-1.secretsmanager"
    assert endpoint["PrivateDnsEnabled"] is True
    for stack in ("AleesSecretsStaging", "AleesSecretsDev", "AleesSecretsLocal"):
        assert not resources(templates[stack], "AWS::EC2::VPCEndpoint")


def test_the_functions_logs_are_kept_as_long_as_configured(prod: Template, local: Template) -> None:
    for template, days in ((prod, 365), (local, 7)):
        groups = resources(template, "AWS::Logs::LogGroup").values()
        assert {each["Properties"]["RetentionInDays"] for each in groups} == {days}


def test_the_logical_ids_of_what_must_not_be_replaced_stay(templates: dict[str, Template]) -> None:
    # A new logical id replaces a secret, key, bucket or trail, and turns rotation off silently.
    kinds = KEPT | {"AWS::SecretsManager::RotationSchedule", "AWS::KMS::Alias"}
    found = {
        stack.replace("Prod", "").replace("111122223333", ""): sorted(
            name for name, each in templates[stack]["Resources"].items() if each["Type"] in kinds
        )
        for stack in (
            "AleesSecretsAccount111122223333",
            "AleesSecretsProd",
            "AleesSecretsProdApi01",
            "AleesSecretsProdRecovery",
        )
    }

    assert found == json.loads((Path(__file__).parent / "logical_ids.json").read_text(encoding="utf-8"))


def test_every_secret_is_tagged_with_its_environment(templates: dict[str, Template]) -> None:
    for stack, template in templates.items():
        for secret in resources(template, "AWS::SecretsManager::Secret").values():
            tags = {each["Key"]: each["Value"] for each in secret["Properties"]["Tags"]}
            assert f"AleesSecrets{tags['alees:environment'].capitalize()}" in stack
