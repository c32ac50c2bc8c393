"""Access keys keep IAM's rules."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_cloud.aws import client_options, new_session
from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack
from tests.unit.local_cloud.local_aws import LocalAws, service_role

pytestmark = pytest.mark.servers


def code(caught: "pytest.ExceptionInfo[ClientError]") -> str:
    """Return the code of an error."""
    return caught.value.response["Error"]["Code"]


def new_user(aws: LocalAws, path: str = "/test/") -> str:
    """Make a user and return its name."""
    name = f"user-{uuid.uuid4()}"
    aws.iam.create_user(UserName=name, Path=path)
    return name


def test_a_third_key_is_refused_when_the_user_has_two(own: LocalAws) -> None:
    user = new_user(own)
    first, _ = (own.iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"] for _ in range(2))

    own.iam.update_access_key(UserName=user, AccessKeyId=first, Status="Inactive")
    with pytest.raises(ClientError) as caught:
        own.iam.create_access_key(UserName=user)
    assert code(caught) == "LimitExceeded"

    own.iam.delete_access_key(UserName=user, AccessKeyId=first)
    own.iam.create_access_key(UserName=user)


def test_the_user_stays_when_it_has_a_key(own: LocalAws) -> None:
    user = new_user(own)
    key = own.iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]

    with pytest.raises(ClientError) as caught:
        own.iam.delete_user(UserName=user)
    assert code(caught) == "DeleteConflict"

    own.iam.delete_access_key(UserName=user, AccessKeyId=key)
    own.iam.delete_user(UserName=user)


def test_the_stack_is_not_deleted_when_its_user_has_a_key(own: LocalAws, own_stack: Stack) -> None:
    user = f"user-{uuid.uuid4()}"
    own_stack.deploy({"User": {"Type": "AWS::IAM::User", "Properties": {"UserName": user, "Path": "/alees/test/"}}})
    key = own.iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]

    own.stacks.delete_stack(StackName=own_stack.name)
    own_stack.wait_for_end()

    assert own_stack.status() == "DELETE_FAILED"
    assert own.iam.get_user(UserName=user)["User"]["Arn"].endswith(f":user/alees/test/{user}")

    own.iam.delete_access_key(UserName=user, AccessKeyId=key)


def test_the_path_decides_when_a_policy_names_a_user(own: LocalAws) -> None:
    user = new_user(own, "/alees/test/")
    named = own.iam.get_user(UserName=user)["User"]["Arn"]
    bare = named.replace("/alees/test/", "/")

    assert listing_is_allowed(own, user, named)
    assert not listing_is_allowed(own, user, bare)


def listing_is_allowed(aws: LocalAws, user: str, resource: str) -> bool:
    """Tell whether a role that may list the keys of *resource* may list the user's."""
    name = f"role-{uuid.uuid4()}"
    trust = service_role("", aws.description.account)
    role = aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    statement = {"Effect": "Allow", "Action": "iam:ListAccessKeys", "Resource": resource}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy)
    credentials = aws.sts.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    options: Any = client_options(aws.description) | {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }
    try:
        new_session().client("iam", **options).list_access_keys(UserName=user)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True
