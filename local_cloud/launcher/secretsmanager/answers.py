"""How an operation of Secrets Manager is written here, and how it answers MiniStack's router."""

import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from local_cloud.launcher.emulator import emulated

Request: TypeAlias = dict[str, Any]
Answer: TypeAlias = dict[str, Any]
Response: TypeAlias = tuple[int, dict[str, str], bytes]

STATE_LOCK = threading.RLock()
"""Held while secrets are read or changed. Never across an invocation of a function, which calls back."""


class ApiError(Exception):
    """An error that the service answers with.

    Attributes:
        code: Name of the exception in the service model, such as ``ResourceNotFoundException``.
        message: What stands beside it. Holds no secret value.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def operation(handler: Callable[[Request], Answer]) -> Callable[[Request], Response]:
    """Make a handler that MiniStack's router can call of one that returns an answer or raises ApiError."""
    return refusing(lambda request: emulated("core.responses", "json_response")(handler(request)))


def refusing(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Make a handler that MiniStack's router can call of one that returns a response or raises ApiError."""

    def answer(request: Request) -> Response:
        try:
            with STATE_LOCK:
                response = handler(request)
        except ApiError as error:
            response = emulated("core.responses", "error_response_json")(error.code, error.message, 400)
        return response

    return answer
