"""What invokes the canaries, and what hears of their failure."""

import pytest

from tests.template.reading import Template, one, plain, resources

ACCOUNT = "111122223333"


@pytest.mark.parametrize("domain", ["Database", "Jwt"])
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


@pytest.mark.parametrize("domain", ["Database", "Jwt"])
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


def test_the_topic_is_told_of_failed_canaries_of_this_environment_alone(prod: Template) -> None:
    rule = plain(prod["Resources"][one(prod, "AWS::Events::Rule", "AlertsFailedCanary")]["Properties"])

    assert rule["EventPattern"] == {
        "source": ["lambda"],
        "detail-type": ["Lambda Function Invocation Result - Failure"],
        "detail": {
            "requestContext": {
                "functionArn": [{"prefix": f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:AleesSecretsProd-"}]
            }
        },
    }
    assert [target["Arn"] for target in rule["Targets"]] == [f"<{one(prod, 'AWS::SNS::Topic', 'Alerts')}>"]


@pytest.mark.parametrize("domain", ["Database", "Jwt"])
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
    assert len(resources(prod, "AWS::Lambda::Alias")) == len(resources(prod, "AWS::Lambda::Function"))
