"""Start an operation in the rotation function of a secret."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operations.errors import OperationError
from operations.observe import Seen, describe_failure, see
from operations.target import Target

_REFUSED = "; see docs/runbooks/"
"""Stands in what a function says when it refuses, as opposed to crashing; see rotation_handlers.telling."""

_UNKNOWN = ("bad-event: the event names no operation", "bad-event: the event is no rotation request")
"""How a function begins that was deployed before the operation was made."""


def invoke(target: Target, path: str, operation: str, request: Mapping[str, object]) -> dict[str, Any]:
    """Return what the rotation function of the secret at *path* answers to an operation.

    Needs ``secretsmanager:DescribeSecret`` on the secret and ``lambda:InvokeFunction`` on the function.

    Args:
        target: Where the secret is.
        path: Path of the secret.
        operation: Its name.
        request: What it takes. A value in it is seen by the function alone: the invocation's payload is not logged.

    Raises:
        OperationError: There is no function, it may not be invoked, or it refused or crashed; the message says why.
    """
    seen = see(target, path)
    function = _function(target, path, seen)
    event = {"Operation": operation, "SecretId": seen.arn, **request}
    try:
        reply = target.functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        document = _parse(reply["Payload"].read())
    except (BotoCoreError, ClientError) as error:
        problem = f"cannot be asked: {describe_failure(error)}"
    else:
        if not reply.get("FunctionError") and isinstance(document, dict):
            return document
        problem = _problem(target, document if isinstance(document, dict) else {})
    raise OperationError(f"the rotation function of {path} {problem}")


def require_function(target: Target, path: str) -> Seen:
    """Return how the secret at *path* is, if it has a rotation function.

    Raises:
        OperationError: It has none, or cannot be seen.
    """
    seen = see(target, path)
    _function(target, path, seen)
    return seen


def _function(target: Target, path: str, seen: Seen) -> str:
    # Secrets Manager keeps the name of a rotation function that has left with its schedule.
    function = target.environment.by_hand_functions.get(path) or seen.function
    if function is None:
        raise OperationError(f"{path} has no rotation function; deploy {target.environment.stack_name} first")
    return function


def _problem(target: Target, document: Mapping[str, object]) -> str:
    told = str(document.get("errorMessage") or "it did not say why")
    if _REFUSED not in told:
        return f"crashed: {told}; its log says more, and the same command again is safe"
    if told.startswith(_UNKNOWN):
        return f"is too old for this; deploy {target.environment.stack_name} first"
    return f"refused: {told}"


def _parse(payload: bytes) -> Any:  # noqa: ANN401 - JSON has any shape
    try:
        return json.loads(payload)
    except ValueError:
        return None
