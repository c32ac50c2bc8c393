"""AWS::SecretsManager::RotationSchedule.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-rotationschedule.html
"""

from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Created, Properties, add_type, is_true
from local_cloud.launcher.secretsmanager.answers import STATE_LOCK, ApiError
from local_cloud.launcher.secretsmanager.rotate import cancel_rotate_secret, rotate_secret

TYPE = "AWS::SecretsManager::RotationSchedule"

_SUPPORTED = {"SecretId", "RotationLambdaARN", "RotationRules", "RotateImmediatelyOnUpdate"}


def install_rotation_schedule() -> None:
    """Add the type. A rotation that it starts goes on by itself: the stack does not wait for its outcome."""
    add_type(TYPE, create=_create, update=_update, delete=_delete, replacing=("SecretId",))


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    return _apply(properties)


def _update(_physical_id: str, _old: Properties, new: Properties, _stack: str) -> Created:
    return _apply(new)


def _apply(properties: Properties) -> Created:
    unsupported = sorted(properties.keys() - _SUPPORTED)
    if unsupported:
        raise ValueError(f"{TYPE}: the local AWS supports {', '.join(sorted(_SUPPORTED))}; got {unsupported}")
    request = {
        "SecretId": properties.get("SecretId"),
        "RotationLambdaARN": properties.get("RotationLambdaARN"),
        "RotationRules": _typed(properties.get("RotationRules")),
        "RotateImmediately": is_true(properties.get("RotateImmediatelyOnUpdate", True)),
    }
    try:
        with STATE_LOCK:
            arn: str = rotate_secret(request)["ARN"]
    except ApiError as error:
        problem = f"{TYPE}: {error.message} ({error.code})"
    else:
        return arn, {"Id": arn}
    raise ValueError(problem)


def _typed(rules: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the rules with the number that a template may carry as text."""
    days = (rules or {}).get("AutomaticallyAfterDays")
    return rules if days is None else {**(rules or {}), "AutomaticallyAfterDays": int(days)}


def _delete(physical_id: str, _properties: Properties) -> None:
    try:
        with STATE_LOCK:
            cancel_rotate_secret({"SecretId": physical_id})
    except ApiError:
        return  # the secret is gone already, and its schedule with it
