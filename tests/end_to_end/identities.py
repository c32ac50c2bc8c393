"""Clients of the local AWS as the roles and people of an environment."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from local_cloud.aws import caller_environment_without_aws, new_session
from tests.end_to_end.conftest import Deployment

Options = dict[str, Any]

# A call that IAM lets through may then fail for what it lacks: a malformed request changes nothing.
_AS_IT_IS = Config(parameter_validation=False, retries={"total_max_attempts": 1})
_DENIED = {"AccessDeniedException", "AccessDenied"}


def client(service: str, options: Mapping[str, Any]) -> Any:
    """Return a boto3 client that checks no parameters."""
    session: Any = new_session()
    return session.client(service, **{**options, "config": _AS_IT_IS})


def with_credentials(options: Mapping[str, Any], credentials: Mapping[str, Any]) -> Options:
    """Return a client's options with what STS gave."""
    return {
        **options,
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def role_arn(deployed: Deployment, role: str) -> str:
    """Return the ARN of a role by its path and name."""
    return f"arn:aws:iam::{deployed.cloud.description.account}:role/{role}"


def assume(deployed: Deployment, options: Mapping[str, Any], role: str) -> Options:
    """Return a client's options as a role that the caller with *options* may assume; root may assume every one."""
    answer = client("sts", options).assume_role(RoleArn=role_arn(deployed, role), RoleSessionName="test")
    return with_credentials(options, answer["Credentials"])


def as_duty(deployed: Deployment, duty: str) -> Options:
    """Return a client's options as the role with one duty in the environment, taken on as it is meant to be.

    Root stands for EC2 and Lambda, which the local AWS admits.
    """
    slug, github = deployed.environment.slug, deployed.environment.account.github
    if github is not None and duty in {"alees-ci-diff", "alees-ci-deploy"}:
        return workflow(deployed, duty, github.compares if duty == "alees-ci-diff" else github.deploys)
    caller = person(deployed, PERMISSION_SETS[duty]) if duty in PERMISSION_SETS else deployed.cloud.client_options
    return assume(deployed, caller, f"alees/{slug}/alees-{slug}-{duty}")


def application_environment(deployed: Deployment) -> dict[str, str]:
    """Return the environment of a process on EC2: the application's role and nothing else of AWS."""
    cloud, slug = deployed.cloud.description, deployed.environment.slug
    options = as_duty(deployed, "application")
    return {
        **caller_environment_without_aws(),
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_REGION": cloud.region,
        "AWS_ACCESS_KEY_ID": options["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": options["aws_secret_access_key"],
        "AWS_SESSION_TOKEN": options["aws_session_token"],
        "AWS_SECRETS_PREFIX": "alees/",
        "ALEES_ENVIRONMENT": slug,
    }


PERMISSION_SETS: Mapping[str, str] = {
    "operator": "AleesOnCall",
    "writer": "AleesSecretWriter",
    "auditor": "AleesAuditor",
    "break-glass": "AleesBreakGlass",
}
"""Whom Prod lets take on its roles for people."""

_SSO = "/aws-reserved/sso.amazonaws.com/eu-central-1/"


def person(deployed: Deployment, permission_set: str) -> Options:
    """Return a client's options as somebody whom Identity Center lets in, who is allowed everything."""
    name = f"AWSReservedSSO_{permission_set}_00000000000000aa"
    try:
        return new_role(deployed, name, _SSO, EVERYTHING)
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityAlreadyExists":
            raise
        return assume(deployed, deployed.cloud.client_options, f"{_SSO.strip('/')}/{name}")


def new_role(deployed: Deployment, name: str, path: str, *statements: Mapping[str, Any]) -> Options:
    """Return a client's options as a new role with some rights, which everybody in the account may assume."""
    iam, account = deployed.client("iam"), deployed.cloud.description.account
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": account}}
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_document(trust))
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_document(*statements))
    return assume(deployed, deployed.cloud.client_options, f"{path.strip('/')}/{name}".strip("/"))


EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def workflow(deployed: Deployment, role: str, subject: str, audience: str = "sts.amazonaws.com") -> Options:
    """Return a client's options as a workflow of GitHub that takes on a role; its token is not signed."""
    claims = {"iss": "https://token.actions.githubusercontent.com", "sub": subject, "aud": audience}
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode() for each in ({"alg": "none"}, claims)]
    answer = client("sts", deployed.cloud.client_options).assume_role_with_web_identity(
        RoleArn=role_arn(deployed, f"alees/{role}"),
        RoleSessionName="workflow",
        WebIdentityToken=".".join([*(part.rstrip("=") for part in parts), ""]),
    )
    return with_credentials(deployed.cloud.client_options, answer["Credentials"])


def is_denied(call: Callable[..., Any], **arguments: Any) -> bool:
    """Tell whether IAM denies a call; what the service says of one that is let through does not matter."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in _DENIED
    return False
