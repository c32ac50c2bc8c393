import uuid

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack
from tests.unit.local_cloud.launcher.cloudformation.templates import policy
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

READ = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
DESCRIBE = {"Effect": "Allow", "Action": "secretsmanager:DescribeSecret", "Resource": "*"}
SAME_ACCOUNT = {"Effect": "Allow", "Principal": {"AWS": {"Ref": "AWS::AccountId"}}, "Action": "sts:AssumeRole"}


def _bounded_role(boundary: object) -> Resources:
    """Return a role that may read and describe, and two policies that let it do one of them."""
    role = {
        "AssumeRolePolicyDocument": policy(SAME_ACCOUNT),
        "Policies": [{"PolicyName": "own", "PolicyDocument": policy(READ, DESCRIBE)}],
    }
    bounded = {**role, "PermissionsBoundary": boundary} if boundary else role
    return {
        "Describing": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy(DESCRIBE)}},
        "Reading": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy(READ)}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": bounded},
    }


def _may_read(aws: LocalAws, stack: Stack, secret_arn: str) -> bool:
    client = aws.session_of(stack.outputs()["Role"])
    try:
        client.get_secret_value(SecretId=secret_arn)
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException"  # noqa: PT017 - the other outcome is a result
        return False
    return True


ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}


def test_boundary_denies_when_the_roles_own_policy_allows(aws: LocalAws, stack: Stack) -> None:
    stack.deploy(_bounded_role({"Ref": "Describing"}), Role=ROLE_ARN)
    assert not _may_read(aws, stack, aws.new_secret())


def test_role_may_what_both_allow_when_it_is_bounded(aws: LocalAws, stack: Stack) -> None:
    stack.deploy(_bounded_role({"Ref": "Reading"}), Role=ROLE_ARN)
    assert _may_read(aws, stack, aws.new_secret())


@pytest.mark.parametrize("later", [{"Ref": "Reading"}, None], ids=["another", "none"])
def test_boundary_follows_when_the_template_changes_it(aws: LocalAws, stack: Stack, later: object) -> None:
    stack.deploy(_bounded_role({"Ref": "Describing"}), Role=ROLE_ARN)
    stack.deploy(_bounded_role(later), Role=ROLE_ARN)
    assert _may_read(aws, stack, aws.new_secret())


def test_stack_fails_without_a_role_when_the_boundary_does_not_exist(aws: LocalAws, stack: Stack) -> None:
    resources = _bounded_role("arn:aws:iam::000000000000:policy/absent")
    resources["Role"]["Properties"]["RoleName"] = f"bounded-{uuid.uuid4()}"
    stack.attempt(resources)
    assert "policy/absent, which does not exist" in stack.failures()
    assert resources["Role"]["Properties"]["RoleName"] not in [
        role["RoleName"] for page in aws.iam.get_paginator("list_roles").paginate() for role in page["Roles"]
    ]


def test_boundary_is_kept_when_a_role_still_has_it(aws: LocalAws, stack: Stack) -> None:
    stack.deploy({"Describing": _bounded_role(None)["Describing"]}, Boundary={"Ref": "Describing"})
    boundary = stack.outputs()["Boundary"]
    bounded = Stack(aws)
    bounded.deploy({"Role": _bounded_role(boundary)["Role"]})
    aws.stacks.delete_stack(StackName=stack.name)
    stack.wait_for_end()
    assert stack.status() == "DELETE_FAILED"
    bounded.delete()
    stack.delete()
    assert stack.status() in {"", "DELETE_COMPLETE"}
