"""Start an operation in the rotation function of a secret."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from alees_secrets import naming
from operations.errors import OperationError
from operations.observe import describe, describe_failure
from operations.target import Target


def invoke(target: Target, path: str, event: Mapping[str, object]) -> dict[str, Any]:
    """Return what the rotation function of the secret at *path* answers to *event*.

    Needs ``secretsmanager:DescribeSecret`` on the secret and ``lambda:InvokeFunction`` on the function.

    Args:
        target: Where the secret is.
        path: Path of the secret.
        event: ``Operation``, its name, beside what it takes.

    Raises:
        OperationError: There is no function, it may not be invoked, or it refused; the message says why.
    """
    name = naming.prefix(target.environment.slug) + path
    try:
        answer = describe(target, path)
        unscheduled = target.environment.by_hand_functions.get(path)
        function = answer.get("RotationLambdaARN", unscheduled) if answer else None
        if function is None:
            raise OperationError(f"{name} has no rotation function; deploy {target.environment.stack_name} first")
        reply = target.functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        document = _parse(reply["Payload"].read())
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"the rotation function of {name} cannot be asked: {describe_failure(error)}") from None
    if not reply.get("FunctionError") and isinstance(document, dict):
        return document
    told = document.get("errorMessage") if isinstance(document, dict) else None
    raise OperationError(f"the rotation function of {name} refused: {told or 'it did not say why; see its log'}")


def _parse(payload: bytes) -> Any:  # noqa: ANN401 - JSON has any shape
    try:
        return json.loads(payload)
    except ValueError:
        return None
