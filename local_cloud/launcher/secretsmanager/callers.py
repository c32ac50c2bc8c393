"""What RotateSecret asks of its caller beside its own permission.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: "You also need
lambda:InvokeFunction permissions on the rotation function."
"""

import uuid
from typing import Any

from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import Request, Response

_ACTION = "lambda:InvokeFunction"


def refuse_without_invoke(request: Request, headers: dict[str, str], query: dict[str, Any]) -> Response | None:
    """Return the refusal of a caller who may not invoke the rotation function; None if it may."""
    _, secret = emulated("services.secretsmanager", "_resolve")(request.get("SecretId"))
    function_arn = request.get("RotationLambdaARN") or (secret or {}).get("RotationLambdaARN")
    if not function_arn:
        return None
    denied = emulated("core.iam_evaluator", "enforce")(
        emulated("core.router", "extract_access_key_id")(headers, query),
        _ACTION,
        "lambda",
        emulated("core.responses", "get_region")(),
        resource_arn=function_arn,
    )
    if denied is None:
        return None
    refusal: Response = emulated("core.iam_actions", "access_denied_response")(
        "secretsmanager",
        _ACTION,
        getattr(denied, "principal_arn", ""),
        str(uuid.uuid4()),
        headers=headers,
        resource_arn=function_arn,
    )
    return refusal
