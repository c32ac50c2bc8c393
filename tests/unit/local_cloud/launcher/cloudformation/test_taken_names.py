import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack, secret
from tests.unit.local_cloud.launcher.cloudformation.templates import key, policy, trusting
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def _typed(type_name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type_name, "Properties": properties}


NAMED: dict[str, Callable[[str], dict[str, Any]]] = {
    "secret": lambda name: {"Made": secret(name)},
    "role": lambda name: {
        "Made": _typed("AWS::IAM::Role", RoleName=name, AssumeRolePolicyDocument=trusting("lambda.amazonaws.com"))
    },
    "policy": lambda name: {
        "Made": _typed("AWS::IAM::ManagedPolicy", ManagedPolicyName=name, Path="/alees/", PolicyDocument=policy(DENY))
    },
    "alias": lambda name: {
        "Key": key(),
        "Made": _typed("AWS::KMS::Alias", AliasName=f"alias/{name}", TargetKeyId={"Ref": "Key"}),
    },
    "bucket": lambda name: {"Made": _typed("AWS::S3::Bucket", BucketName=name)},
}


@pytest.mark.parametrize("kind", NAMED)
def test_stack_fails_and_rolls_back_when_a_name_is_taken(aws: LocalAws, stack: Stack, kind: str) -> None:
    resources = NAMED[kind](f"taken-{uuid.uuid4()}-name")
    stack.deploy(resources)
    second = Stack(aws)
    second.attempt(resources)
    assert second.status() == "ROLLBACK_COMPLETE"
    assert stack.physical_ids().keys() == resources.keys()


def test_failure_names_the_resource_when_its_name_is_taken(aws: LocalAws, stack: Stack) -> None:
    name = f"taken-{uuid.uuid4()}-name"
    aws.secrets.create_secret(Name=name, SecretString="somebody's")
    stack.attempt({"Made": secret(name)})
    assert f"{name} already exists" in stack.failures()
    assert aws.value(name) == "somebody's"
