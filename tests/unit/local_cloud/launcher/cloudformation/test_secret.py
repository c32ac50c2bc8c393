import json
import uuid

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack, secret
from tests.unit.local_cloud.local_aws import LocalAws, wait_until

pytestmark = pytest.mark.servers

REF = {"Ref": "Secret"}


@pytest.fixture
def name() -> str:
    return f"test/{uuid.uuid4()}/stack"


def test_ref_is_the_arn_when_a_secret_is_created(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy({"Secret": secret(name)}, Ref=REF)
    assert stack.outputs()["Ref"] == aws.secrets.describe_secret(SecretId=name)["ARN"]


def test_value_follows_the_template_when_it_is_generated(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy({"Secret": secret(name)})
    assert json.loads(aws.value(name)).keys() == {"placeholder", "ignored"}


def test_arn_and_value_stay_when_only_the_description_changes(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy({"Secret": secret(name)}, Ref=REF)
    before = stack.outputs()["Ref"], aws.value(name)
    stack.deploy({"Secret": secret(name, Description="told")}, Ref=REF)
    assert (stack.outputs()["Ref"], aws.value(name)) == before
    assert aws.secrets.describe_secret(SecretId=name)["Description"] == "told"


def test_new_secret_replaces_the_old_when_the_name_changes(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy({"Secret": secret(name)})
    stack.deploy({"Secret": secret(f"{name}-anew")}, Ref=REF)
    assert stack.outputs()["Ref"] == aws.secrets.describe_secret(SecretId=f"{name}-anew")["ARN"]
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException):
        aws.secrets.describe_secret(SecretId=name)


def test_secret_is_gone_when_the_stack_is_deleted(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy({"Secret": secret(name)})
    stack.delete()
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException):
        aws.secrets.describe_secret(SecretId=name)


def test_drift_is_seen_when_the_description_is_changed_by_hand(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy({"Secret": secret(name, Description="told")})
    aws.secrets.update_secret(SecretId=name, Description="by hand")
    detection = aws.stacks.detect_stack_drift(StackName=stack.name)["StackDriftDetectionId"]
    status = aws.stacks.describe_stack_drift_detection_status
    wait_until(
        lambda: status(StackDriftDetectionId=detection)["DetectionStatus"] == "DETECTION_COMPLETE", "no drift status"
    )
    assert status(StackDriftDetectionId=detection)["StackDriftStatus"] == "DRIFTED"


def test_policy_grants_the_secret_when_it_names_it_by_ref(aws: LocalAws, stack: Stack, name: str) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
    grant = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": REF}
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "Policies": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [grant]}}],
        },
    }
    stack.deploy({"Secret": secret(name), "Role": role}, Role={"Fn::GetAtt": ["Role", "Arn"]})
    client = aws.session_of(stack.outputs()["Role"])
    assert "placeholder" in client.get_secret_value(SecretId=name)["SecretString"]
