"""Requests made of declared calls, by putting values where their placeholders stand."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from rotation_handlers.api_key.https import Request

_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
_SENDABLE = re.compile(r"[!-~]{1,4096}")


def can_be_sent(value: object) -> bool:
    """Tell whether *value* can stand in a header: printable ASCII without spaces."""
    return isinstance(value, str) and _SENDABLE.fullmatch(value) is not None


def request_of(call: Mapping[str, Any], values: Mapping[str, str]) -> Request:
    """Return the request that *call* declares.

    Args:
        call: Method, URL, headers and body as configuration declares them. Placeholders that *values* lacks stay.
        values: By placeholder, without braces.
    """
    return Request(
        method=call["method"],
        url=_fill(call["url"], {name: quote(value, safe="") for name, value in values.items()}),
        headers={name: _fill(text, values) for name, text in call["headers"].items()},
        body=None if call["body"] is None else _filled(call["body"], values),
    )


def _filled(body: object, values: Mapping[str, str]) -> object:
    if isinstance(body, str):
        return _fill(body, values)
    if isinstance(body, Mapping):
        return {name: _filled(each, values) for name, each in body.items()}
    if isinstance(body, list):
        return [_filled(each, values) for each in body]
    return body


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
