"""What invokes the canaries, and what hears of their failure."""

import pytest
from aws_cdk import App, Stack
from aws_cdk import Environment as CdkEnvironment
from aws_cdk.assertions import Template as CdkTemplate
from aws_cdk.aws_lambda import Code, Function, Runtime

from constructs_lib.canary import Canary
from tests.template.reading import Template, one, plain, resources

ACCOUNT = "111122223333"


@pytest.mark.parametrize("domain", ["Database", "Jwt", "Email"])
def test_a_rule_invokes_the_alias_when_the_secrets_rotation_succeeded(prod: Template, domain: str) -> None:
    rule = plain(prod["Resources"][one(prod, "AWS::Events::Rule", domain)]["Properties"])

    assert rule["EventPattern"] == {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventName": ["RotationSucceeded"],
            "additionalEventData": {"SecretId": [f"<{one(prod, 'AWS::SecretsManager::Secret', domain)}>"]},
        },
    }
    assert [target["Arn"] for target in rule["Targets"]] == [f"<{one(prod, 'AWS::Lambda::Alias', domain)}>"]


@pytest.mark.parametrize("domain", ["Database", "Jwt", "Email"])
def test_a_failed_canary_is_not_tried_again_and_told_to_the_event_bus(prod: Template, domain: str) -> None:
    alias = prod["Resources"][one(prod, "AWS::Lambda::Alias", domain)]["Properties"]
    settings = prod["Resources"][one(prod, "AWS::Lambda::EventInvokeConfig", domain)]["Properties"]

    assert (alias["Name"], alias["FunctionVersion"]) == ("canary", "$LATEST")
    assert alias["FunctionName"] == settings["FunctionName"] == {"Ref": one(prod, "AWS::Lambda::Function", domain)}
    # Not of $LATEST: what Secrets Manager invokes keeps Lambda's own retries, and RotationFailed is its alarm.
    assert settings["Qualifier"] == {
        "Fn::Select": [7, {"Fn::Split": [":", {"Ref": one(prod, "AWS::Lambda::Alias", domain)}]}]
    }
    assert settings["MaximumRetryAttempts"] == 0
    assert plain(settings["DestinationConfig"]) == {
        "OnFailure": {"Destination": f"arn:aws:events:eu-central-1:{ACCOUNT}:event-bus/default"}
    }


@pytest.mark.parametrize("domain", ["Database", "Jwt", "Email"])
def test_the_first_rotation_waits_for_its_canary(prod: Template, domain: str) -> None:
    schedule = prod["Resources"][one(prod, "AWS::SecretsManager::RotationSchedule", domain)]

    kinds = {prod["Resources"][name]["Type"] for name in schedule["DependsOn"] if "Canary" in name}
    assert kinds == {
        "AWS::Events::Rule",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
    }


def test_no_secret_without_a_rotation_function_has_a_canary(prod: Template) -> None:
    rotating = [name for name in resources(prod, "AWS::Lambda::Function") if "Rotation" in name]

    assert len(resources(prod, "AWS::Lambda::Alias")) == len(rotating) == 3


def test_one_canary_verifies_every_key_of_a_shard(templates: dict[str, Template]) -> None:
    api = templates["AleesSecretsProdApi01"]
    secrets = list(resources(api, "AWS::SecretsManager::Secret"))

    rule = plain(api["Resources"][one(api, "AWS::Events::Rule", "Canary")]["Properties"])

    detail = rule["EventPattern"]["detail"]
    assert detail == {
        "eventName": ["RotationSucceeded"],
        "additionalEventData": {"SecretId": [f"<{name}>" for name in secrets]},
    }
    assert [target["Arn"] for target in rule["Targets"]] == [f"<{one(api, 'AWS::Lambda::Alias', 'Canary')}>"]
    for schedule in resources(api, "AWS::SecretsManager::RotationSchedule").values():
        assert one(api, "AWS::Events::Rule", "Canary") in schedule["DependsOn"]


def test_a_rule_names_ten_secrets_when_there_are_more() -> None:
    stack = Stack(App(), "Stack", env=CdkEnvironment(account=ACCOUNT, region="eu-central-1"))
    function = Function(stack, "Function", runtime=Runtime.PYTHON_3_13, handler="a.b", code=Code.from_inline("pass"))
    arns = [f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:{number}" for number in range(21)]
    Canary(stack, "Canary", function=function, secret_arns=arns)

    template = dict(CdkTemplate.from_stack(stack).to_json())
    patterns = [rule["Properties"]["EventPattern"] for rule in resources(template, "AWS::Events::Rule").values()]

    named = [pattern["detail"]["additionalEventData"]["SecretId"] for pattern in patterns]
    assert sorted(map(len, named)) == [1, 10, 10]
    assert sorted(each for some in named for each in some) == sorted(arns)
    assert len(resources(template, "AWS::Lambda::Alias")) == 1
