import json
import uuid
from typing import Any

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack, new_stack, secret
from tests.unit.local_cloud.launcher.cloudformation.templates import key
from tests.unit.local_cloud.local_aws import LocalAws, wait_until

pytestmark = pytest.mark.servers

REF = {"Ref": "Secret"}
RECOVERY = "eu-west-1"


@pytest.fixture(scope="module")
def recovery(aws: LocalAws) -> LocalAws:
    """The same account in the recovery region."""
    return aws.in_region(RECOVERY)


def _status(aws: LocalAws, name: str) -> dict[str, Any]:
    (status,) = aws.secrets.describe_secret(SecretId=name)["ReplicationStatus"]
    return dict(status)


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


def test_replica_leaves_with_its_region_when_the_template_drops_it(
    aws: LocalAws, recovery: LocalAws, stack: Stack
) -> None:
    name = f"test/{uuid.uuid4()}/stack"
    stack.deploy({"Secret": secret(name, ReplicaRegions=[{"Region": RECOVERY}, {"Region": "eu-north-1"}])})
    stack.deploy({"Secret": secret(name, ReplicaRegions=[{"Region": "eu-north-1"}])})
    assert _status(aws, name)["Region"] == "eu-north-1"
    with pytest.raises(recovery.secrets.exceptions.ResourceNotFoundException):
        recovery.value(name)


def test_stack_fails_without_a_secret_when_a_replica_is_in_its_own_region(aws: LocalAws, stack: Stack) -> None:
    name = f"test/{uuid.uuid4()}/stack"
    stack.attempt({"Secret": secret(name, ReplicaRegions=[{"Region": "eu-central-1"}])})
    assert "You can't replicate a secret of eu-central-1" in stack.failures()
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException):
        aws.secrets.describe_secret(SecretId=name)


def test_stack_is_complete_when_the_replicas_key_does_not_exist(aws: LocalAws, stack: Stack) -> None:
    name = f"test/{uuid.uuid4()}/stack"
    stack.deploy({"Secret": secret(name, ReplicaRegions=[{"Region": RECOVERY, "KmsKeyId": "alias/alees/absent"}])})
    assert (stack.status(), _status(aws, name)["Status"]) == ("CREATE_COMPLETE", "Failed")


def test_replica_uses_the_other_stacks_key_when_two_regions_are_deployed(
    aws: LocalAws, recovery: LocalAws, stack: Stack
) -> None:
    name, alias = f"test/{uuid.uuid4()}/stack", f"alias/alees/{uuid.uuid4()}"
    aliased = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": alias, "TargetKeyId": {"Ref": "Key"}}}
    with new_stack(recovery) as vault:
        vault.deploy({"Key": key(), "Alias": aliased})
        stack.deploy({"Secret": secret(name, ReplicaRegions=[{"Region": RECOVERY, "KmsKeyId": alias}])})
        assert _status(aws, name) == {"Region": RECOVERY, "KmsKeyId": alias, "Status": "InSync"}
        assert recovery.secrets.describe_secret(SecretId=name)["KmsKeyId"] == alias
        stack.delete()
        with pytest.raises(recovery.secrets.exceptions.ResourceNotFoundException):
            recovery.value(name)
