"""Condition keys that the emulator does not know, or knows otherwise than AWS.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import json
from collections.abc import Callable
from typing import Any

from local_cloud.launcher.emulator import emulated, wrap

_PREFIX = "secretsmanager:"

_FROM_PARAMETERS = {
    "AddReplicaRegions": "AddReplicaRegions",
    "BlockPublicPolicy": "BlockPublicPolicy",
    "Description": "Description",
    "ForceDeleteWithoutRecovery": "ForceDeleteWithoutRecovery",
    "ForceOverwriteReplicaSecret": "ForceOverwriteReplicaSecret",
    "KmsKeyId": "KmsKeyId",
    "Name": "Name",
    "RecoveryWindowInDays": "RecoveryWindowInDays",
    "RotateImmediately": "RotateImmediately",
    "RotationLambdaARN": "RotationLambdaARN",
    "SecretId": "SecretId",
    "VersionId": "VersionId",
    "VersionStage": "VersionStage",
}
"""Condition key to the request parameter that it holds. A parameter that is not sent is a key that is absent."""

_ALLOW_ROTATION_FUNCTION = "resource/allowrotationlambdaarn"
_RESOURCE_TAG = "resourcetag/"


def install_condition_keys() -> None:
    """Let policies name Secrets Manager's keys, and aws:PrincipalArn be a role's own ARN."""
    wrap("core.iam_actions", "request_tag_context", _with_parameters)
    wrap("core.iam_evaluator", "_resolve_condition_key", _with_resource_and_role)


def _with_parameters(tag_context: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def context(service: str, iam_action: str, body: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        found = tag_context(service, iam_action, body, parameters)
        if service != "secretsmanager":
            return found
        try:
            request = json.loads(body or b"{}")
        except ValueError:
            return found  # the operation itself will refuse it
        return {**found, **_from_request(request)}

    return context


def _from_request(request: dict[str, Any]) -> dict[str, Any]:
    found = {
        _PREFIX + key: _text(request[parameter])
        for key, parameter in _FROM_PARAMETERS.items()
        if request.get(parameter) is not None
    }
    if isinstance(request.get("RotationRules"), dict):
        found[f"{_PREFIX}ModifyRotationRules"] = "true"
    return found


def _text(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a request's value as IAM compares it."""
    if isinstance(value, list):
        return [region.get("Region") for region in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _with_resource_and_role(resolve: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    def value(key: str, context: Any) -> Any:  # noqa: ANN401 - MiniStack is untyped
        lowered = key.lower()
        if lowered == "aws:principalarn" and context.principal_type == "AssumedRole":
            return _role_arn(context)
        if lowered.startswith(_PREFIX):
            found = _of_secret(lowered.removeprefix(_PREFIX), key, context.resource_arn)
            if found is not None:
                return found
        return resolve(key, context)

    return value


def _role_arn(context: Any) -> str:  # noqa: ANN401 - MiniStack is untyped
    """Return the ARN of the role, path included, and not of its session."""
    name = emulated("core.iam_evaluator", "_role_name_from_assumed_arn")(context.principal_arn)
    role = emulated("services.iam", "_roles").get_scoped(context.principal_account, None, name) or {}
    return str(role.get("Arn", context.principal_arn))


def _of_secret(key: str, original_key: str, secret_arn: str) -> str | None:
    """Return a key that describes the secret itself; None if this is none, or the secret lacks it."""
    if key != _ALLOW_ROTATION_FUNCTION and not key.startswith(_RESOURCE_TAG):
        return None
    _, secret = emulated("services.secretsmanager", "_resolve")(secret_arn)
    if secret is None:
        return None
    if key == _ALLOW_ROTATION_FUNCTION:
        found: str | None = secret.get("RotationLambdaARN")
        return found
    name = original_key[len(_PREFIX + _RESOURCE_TAG) :]
    return next((str(tag["Value"]) for tag in secret.get("Tags") or [] if tag["Key"].lower() == name.lower()), None)
