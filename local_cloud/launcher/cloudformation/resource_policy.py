"""AWS::SecretsManager::ResourcePolicy.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-resourcepolicy.html
"""

import json

from local_cloud.launcher.cloudformation.resource_types import Created, Properties, add_type, is_true
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import STATE_LOCK, ApiError
from local_cloud.launcher.secretsmanager.policies import put_resource_policy

TYPE = "AWS::SecretsManager::ResourcePolicy"


def install_resource_policy() -> None:
    """Add the type."""
    add_type(TYPE, create=_create, update=_update, delete=_delete, replacing=("SecretId",))


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    return _apply(properties)


def _update(_physical_id: str, _old: Properties, new: Properties, _stack: str) -> Created:
    return _apply(new)


def _apply(properties: Properties) -> Created:
    policy = properties.get("ResourcePolicy")
    request = {
        "SecretId": properties.get("SecretId"),
        "ResourcePolicy": policy if isinstance(policy, str) else json.dumps(policy),
        "BlockPublicPolicy": is_true(properties.get("BlockPublicPolicy")),
    }
    try:
        with STATE_LOCK:
            arn: str = put_resource_policy(request)["ARN"]
    except ApiError as error:
        problem = f"{TYPE}: {error.message} ({error.code})"
    else:
        return arn, {"Id": arn}
    raise ValueError(problem)


def _delete(physical_id: str, _properties: Properties) -> None:
    with STATE_LOCK:
        emulated("services.secretsmanager", "_delete_resource_policy")({"SecretId": physical_id})
