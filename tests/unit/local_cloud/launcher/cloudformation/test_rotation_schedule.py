import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack, secret
from tests.unit.local_cloud.local_aws import ALL_SECRETS, ROTATOR, LocalAws, wait_until

pytestmark = pytest.mark.servers


@pytest.fixture
def name() -> str:
    return f"test/{uuid.uuid4()}/stack"


def _with_schedule(name: str, function: str, **properties: Any) -> dict[str, dict[str, Any]]:
    schedule = {
        "Type": "AWS::SecretsManager::RotationSchedule",
        "Properties": {
            "SecretId": {"Ref": "Secret"},
            "RotationLambdaARN": function,
            "RotationRules": {"ScheduleExpression": "rate(30 days)", "Duration": "3h"},
            **properties,
        },
    }
    return {"Secret": secret(name), "Schedule": schedule}


def test_first_rotation_starts_when_the_schedule_is_created(
    aws: LocalAws, stack: Stack, rotator: str, name: str
) -> None:
    stack.deploy(_with_schedule(name, rotator), Ref={"Ref": "Schedule"})
    arn = stack.outputs()["Ref"]
    aws.wait_for_event(arn, "RotationSucceeded")
    assert aws.value(name).startswith("made by createSecret")


def test_stack_is_complete_when_the_first_rotation_fails(aws: LocalAws, stack: Stack, rotator: str, name: str) -> None:
    resources = _with_schedule(name, rotator)
    resources["Secret"]["Properties"]["Tags"] = [{"Key": "fail", "Value": "createSecret"}]
    stack.deploy(resources, Ref={"Ref": "Schedule"})
    assert stack.status() == "CREATE_COMPLETE"
    aws.wait_for_event(stack.outputs()["Ref"], "RotationFailed")


def test_only_a_test_runs_when_it_is_not_to_rotate_at_once(
    aws: LocalAws, stack: Stack, rotator: str, name: str
) -> None:
    stack.deploy(_with_schedule(name, rotator, RotateImmediatelyOnUpdate=False), Ref={"Ref": "Schedule"})
    assert aws.secrets.describe_secret(SecretId=name)["RotationEnabled"] is True
    assert aws.events(stack.outputs()["Ref"]) == []


def test_rules_change_in_place_when_the_schedule_is_updated(
    aws: LocalAws, stack: Stack, rotator: str, name: str
) -> None:
    stack.deploy(_with_schedule(name, rotator, RotateImmediatelyOnUpdate=False))
    wait_until(lambda: "AWSPENDING" not in aws.labels(name), "the test of the configuration did not end")
    rules = {"AutomaticallyAfterDays": "20"}
    stack.deploy(_with_schedule(name, rotator, RotateImmediatelyOnUpdate=False, RotationRules=rules))
    described = aws.secrets.describe_secret(SecretId=name)
    assert described["RotationRules"] == {"AutomaticallyAfterDays": 20}


def test_rotation_is_off_when_the_schedule_leaves_the_stack(
    aws: LocalAws, stack: Stack, rotator: str, name: str
) -> None:
    stack.deploy(_with_schedule(name, rotator, RotateImmediatelyOnUpdate=False))
    stack.deploy({"Secret": secret(name)})
    assert aws.secrets.describe_secret(SecretId=name)["RotationEnabled"] is False


def test_stack_fails_with_the_reason_when_the_function_does_not_admit_the_service(
    aws: LocalAws, stack: Stack, name: str
) -> None:
    function = aws.new_function(ROTATOR, "rotator.handler", policy=ALL_SECRETS)
    stack.attempt(_with_schedule(name, function))
    assert "cannot invoke the specified Lambda function" in stack.failures()


def test_stack_fails_with_the_property_when_it_is_not_supported(stack: Stack, rotator: str, name: str) -> None:
    stack.attempt(_with_schedule(name, rotator, HostedRotationLambda={"RotationType": "PostgreSQLSingleUser"}))
    assert "HostedRotationLambda" in stack.failures()


def test_secret_is_gone_when_the_stack_is_deleted_during_a_rotation(
    aws: LocalAws, stack: Stack, rotator: str, name: str
) -> None:
    resources = _with_schedule(name, rotator)
    resources["Secret"]["Properties"]["Tags"] = [{"Key": "hold", "Value": "createSecret"}]
    stack.deploy(resources)
    stack.delete()
    with pytest.raises(ClientError, match="can't find"):
        aws.value(name)
