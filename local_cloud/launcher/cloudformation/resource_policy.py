"""AWS::SecretsManager::ResourcePolicy.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-resourcepolicy.html
"""

import json
from typing import Any

from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import STATE_LOCK, ApiError
from local_cloud.launcher.secretsmanager.policies import put_resource_policy

TYPE = "AWS::SecretsManager::ResourcePolicy"


def install_resource_policy() -> None:
    """Add the type."""
    emulated("services.cloudformation.provisioners", "_RESOURCE_HANDLERS")[TYPE] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
    }
    emulated("services.cloudformation.provisioners", "_REPLACING_PROPERTIES")[TYPE] = ("SecretId",)


def _create(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    return _apply(properties)


def _update(_physical_id: str, _old: dict[str, Any], new: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
    return _apply(new)


def _apply(properties: dict[str, Any]) -> tuple[str, dict[str, str]]:
    policy = properties.get("ResourcePolicy")
    request = {
        "SecretId": properties.get("SecretId"),
        "ResourcePolicy": policy if isinstance(policy, str) else json.dumps(policy),
        "BlockPublicPolicy": str(properties.get("BlockPublicPolicy", False)).lower() == "true",
    }
    try:
        with STATE_LOCK:
            arn: str = put_resource_policy(request)["ARN"]
    except ApiError as error:
        problem = f"{TYPE}: {error.message} ({error.code})"
    else:
        return arn, {"Id": arn}
    raise ValueError(problem)


def _delete(physical_id: str, _properties: dict[str, Any]) -> None:
    with STATE_LOCK:
        emulated("services.secretsmanager", "_delete_resource_policy")({"SecretId": physical_id})
