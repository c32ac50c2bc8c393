"""What stands before MiniStack's own application for every request."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.emulator import emulated

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOCK_PATH = "/_local/clock"
"""POST {"advance_seconds": N} moves the time by which secrets rotate. For tests; like every port, loopback only."""

_TRANSPORT = b"x-forwarded-proto"
_LARGEST_BODY = 1024


def gateway(application: Application) -> Application:
    """Return MiniStack's application behind what it lacks.

    - Requests count as sent over TLS (aws:SecureTransport), which loopback stands for, unless they carry
      ``x-forwarded-proto`` themselves.
    - A request with an Authorization header that names no access key is refused; MiniStack takes it for root's.
    - The clock's path.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        if scope["path"] == CLOCK_PATH:
            await _advance(scope, receive, send)
        elif _names_no_key(headers):
            await _respond(send, 403, {"__type": "IncompleteSignatureException", "message": "No access key is named."})
        else:
            if all(name.lower() != _TRANSPORT for name, _ in headers):
                headers.append((_TRANSPORT, b"https"))
            await application({**scope, "headers": headers}, receive, send)

    return answer


def _names_no_key(headers: list[tuple[bytes, bytes]]) -> bool:
    """Tell whether an Authorization header is there in which MiniStack finds no access key."""
    authorization = ", ".join(value.decode("latin-1") for name, value in headers if name.lower() == b"authorization")
    return bool(authorization) and not emulated("core.router", "extract_access_key_id")(
        {"authorization": authorization}
    )


async def _advance(scope: Scope, receive: Receive, send: Send) -> None:
    body = b""
    more = scope["method"] == "POST"
    while more and len(body) <= _LARGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    try:
        CLOCK.advance(float(json.loads(body)["advance_seconds"]))
    except (ValueError, KeyError, TypeError):
        usage = 'POST {"advance_seconds": N} with N of 0 or more'
        await _respond(send, 400, {"message": usage})
        return
    await _respond(send, 200, {"now": CLOCK.now()})


async def _respond(send: Send, status: int, answer: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/x-amz-json-1.1")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
