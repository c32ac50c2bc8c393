"""Records as CloudTrail writes them, of the account and region that config declares for Prod."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Record = dict[str, Any]

ACCOUNT = "111122223333"
REGION = "eu-central-1"
RECOVERY_REGION = "eu-west-1"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DEPLOYER = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"

_NUMBERS = itertools.count()


def role(name: str, session: str = "i-0a1b2c3d4e5f60718", path: str = "/alees/prod/") -> Record:
    """Return the identity of a role's session."""
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "arn": f"arn:aws:iam::{ACCOUNT}:role{path}{name}",
                "accountId": ACCOUNT,
                "userName": name,
            }
        },
    }


APPLICATION = role("alees-prod-application")
DEPLOYMENT = {**role(DEPLOYER, "AWSCloudFormation", "/"), "invokedBy": "cloudformation.amazonaws.com"}
ADMINISTRATOR = role("AWSReservedSSO_Administrator_00000000000000aa", "ada@alees.example", "/aws-reserved/")
ROOT = {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "accountId": ACCOUNT}


def user(name: str, path: str = "/") -> Record:
    """Return the identity of an IAM user."""
    return {
        "type": "IAMUser",
        "arn": f"arn:aws:iam::{ACCOUNT}:user{path}{name}",
        "accountId": ACCOUNT,
        "userName": name,
    }


def service(name: str) -> Record:
    """Return the identity of an AWS service that calls on its own."""
    return {"type": "AWSService", "invokedBy": f"{name}.amazonaws.com"}


def record(
    identity: Mapping[str, Any],
    source: str,
    event: str,
    asked: Mapping[str, Any] | None = None,
    at: datetime = NOW,
    **more: Any,
) -> Record:
    """Return a record; *more* are further members, or others than usual."""
    return {
        "eventVersion": "1.11",
        "userIdentity": dict(identity),
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{source}.amazonaws.com",
        "eventName": event,
        "awsRegion": "us-east-1" if source == "iam" else REGION,
        "sourceIPAddress": identity.get("invokedBy", "10.1.2.3"),
        "requestParameters": None if asked is None else dict(asked),
        "responseElements": None,
        "eventID": f"event-{next(_NUMBERS)}",
        "readOnly": event.startswith(("Get", "BatchGet", "List", "Describe", "Assume", "Decrypt", "Generate")),
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
        **more,
    }


def read(identity: Mapping[str, Any], path: str, at: datetime = NOW, **more: Any) -> Record:
    """Return a read of one of Prod's secrets by its name."""
    asked = {"secretId": f"alees/prod/{path}", "versionStage": "AWSCURRENT"}
    return record(identity, "secretsmanager", "GetSecretValue", asked, at, **more)


def arn(path: str, region: str = REGION, suffix: str = "-a1B2c3") -> str:
    """Return the ARN of one of Prod's secrets."""
    return f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:alees/prod/{path}{suffix}"


def refused(identity: Mapping[str, Any], action: str, resource: str) -> Record:
    """Return the members of a record that tell of a refusal."""
    said = f"User: {identity.get('arn')} is not authorized to perform: {action} on resource: {resource} because no ..."
    return {"errorCode": "AccessDenied", "errorMessage": said}
