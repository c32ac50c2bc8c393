"""Setting a secret's resource policy.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
"""

import json
from typing import Any

from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import Answer, ApiError, Request
from local_cloud.launcher.secretsmanager.store import find_changeable_secret

_MODULE = "services.secretsmanager"


def put_resource_policy(request: Request) -> Answer:
    """Answer PutResourcePolicy.

    Raises:
        ApiError: The policy is no JSON object, or grants access to everybody and BlockPublicPolicy is true. AWS
            proves the latter by automated reasoning; here a principal ``*`` without any condition counts.
    """
    secret = find_changeable_secret(request.get("SecretId"))
    text = request.get("ResourcePolicy")
    try:
        policy = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        policy = None
    if not isinstance(policy, dict):
        raise ApiError("MalformedPolicyDocumentException", "This resource policy contains invalid Json.")
    if request.get("BlockPublicPolicy") and _is_public(policy):
        raise ApiError("PublicPolicyException", "This resource policy provides broad access to the secret.")
    emulated(_MODULE, "_resource_policies")[secret["ARN"]] = text
    emulated(_MODULE, "_sync_replica_resource_policy")(secret, text)
    return {"ARN": secret["ARN"], "Name": secret["Name"]}


def _is_public(policy: dict[str, Any]) -> bool:
    statements = policy.get("Statement", [])
    return any(
        statement.get("Effect") == "Allow" and not statement.get("Condition") and _names_everybody(statement)
        for statement in (statements if isinstance(statements, list) else [statements])
    )


def _names_everybody(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in (named if isinstance(named, list) else [named])
