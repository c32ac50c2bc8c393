import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack
from tests.unit.local_cloud.launcher.cloudformation.templates import policy
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

ADDRESS = "https://tokens.example.com"


def _resources() -> Resources:
    """Return a provider, and a role for one of its subjects."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": {"Ref": "Provider"}},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"tokens.example.com:sub": "known", "tokens.example.com:aud": "us"}},
    }
    return {
        "Provider": {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": ADDRESS, "ClientIdList": ["us"]}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": policy(trust)}},
    }


@pytest.fixture
def role(aws: LocalAws, stack: Stack) -> Iterator[str]:
    """The ARN of the role."""
    stack.deploy(_resources(), Role={"Fn::GetAtt": ["Role", "Arn"]})
    yield stack.outputs()["Role"]
    stack.delete()
    assert aws.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


def _token(**claims: str) -> str:
    parts = ({"alg": "none"}, {"iss": ADDRESS, **claims})
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts), ""])


def _assume(aws: LocalAws, role: str, token: str) -> Any:
    return aws.client("sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="workflow", WebIdentityToken=token
    )


def test_role_is_assumed_when_the_token_is_for_the_subject_and_audience(aws: LocalAws, role: str) -> None:
    assert _assume(aws, role, _token(sub="known", aud="us"))["Credentials"]


@pytest.mark.parametrize("claims", [{"sub": "other", "aud": "us"}, {"sub": "known", "aud": "them"}], ids=str)
def test_role_is_refused_when_the_token_is_for_another(aws: LocalAws, role: str, claims: dict[str, str]) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        _assume(aws, role, _token(**claims))


def test_stack_fails_when_the_account_has_the_provider(role: str, aws: LocalAws) -> None:
    assert role
    another = Stack(aws)
    another.attempt(_resources())
    assert "already exists" in another.failures()
