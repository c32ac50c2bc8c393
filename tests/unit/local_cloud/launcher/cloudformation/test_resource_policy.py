import json
import uuid
from typing import Any

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack, secret
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


@pytest.fixture
def name() -> str:
    return f"test/{uuid.uuid4()}/stack"


def _with_policy(name: str, effect: str, sid: str = "One") -> dict[str, dict[str, Any]]:
    statement = {
        "Sid": sid,
        "Effect": effect,
        "Principal": "*",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    policy = {
        "Type": "AWS::SecretsManager::ResourcePolicy",
        "Properties": {
            "SecretId": {"Ref": "Secret"},
            "ResourcePolicy": {"Version": "2012-10-17", "Statement": [statement]},
            "BlockPublicPolicy": True,
        },
    }
    return {"Secret": secret(name), "Policy": policy}


def _sids(aws: LocalAws, name: str) -> list[str]:
    policy = aws.secrets.get_resource_policy(SecretId=name).get("ResourcePolicy", '{"Statement": []}')
    return [statement["Sid"] for statement in json.loads(policy)["Statement"]]


def test_policy_is_attached_when_the_stack_is_created(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy(_with_policy(name, "Deny"))
    assert _sids(aws, name) == ["One"]


def test_policy_is_replaced_when_the_template_changes_it(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy(_with_policy(name, "Deny"))
    stack.deploy(_with_policy(name, "Deny", sid="Two"))
    assert _sids(aws, name) == ["Two"]


def test_policy_is_gone_when_it_leaves_the_stack(aws: LocalAws, stack: Stack, name: str) -> None:
    stack.deploy(_with_policy(name, "Deny"))
    stack.deploy({"Secret": secret(name)})
    assert _sids(aws, name) == []


def test_stack_fails_when_the_policy_admits_everybody(stack: Stack, name: str) -> None:
    stack.attempt(_with_policy(name, "Allow"))
    assert "broad access" in stack.failures()


def test_put_is_refused_when_the_policy_is_no_json(aws: LocalAws) -> None:
    with pytest.raises(aws.secrets.exceptions.MalformedPolicyDocumentException):
        aws.secrets.put_resource_policy(SecretId=aws.new_secret(), ResourcePolicy="no json")
