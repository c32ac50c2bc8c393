"""Why a call was refused: CloudTrail's errorCode and errorMessage.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import json
import re
from collections.abc import Mapping
from xml.sax.saxutils import unescape

_CLIENT_ERRORS = range(400, 500)
_SERVER_ERROR = 500
_CODE = re.compile(r"<Code>([^<]+)</Code>")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}

_RECORDED_CODES = {
    "AccessDeniedException": "AccessDenied",
    "UnauthorizedOperation": "Client.UnauthorizedOperation",
}
"""Codes under which services answer and CloudTrail does not record."""


def refusal(status: int, headers: Mapping[str, str], body: object) -> tuple[str | None, str | None]:
    """Return the error's code and message of an answer; None twice when the call succeeded.

    The message of an internal error, which may hold anything, is left out.
    """
    if status >= _SERVER_ERROR:
        return "InternalFailure", None
    if status not in _CLIENT_ERRORS or not isinstance(body, bytes):
        return None, None
    text = body.decode("utf-8", errors="replace")
    code, message = _from_json(text, headers) if text.startswith("{") else _from_xml(text)
    return _RECORDED_CODES.get(code, code), message


def _from_json(text: str, headers: Mapping[str, str]) -> tuple[str, str]:
    answer = json.loads(text)
    lowered = {name.lower(): value for name, value in headers.items()}
    code = str(answer.get("__type") or lowered.get("x-amzn-errortype") or "ClientError")
    return code.partition(":")[0].rpartition("#")[2], str(answer.get("message") or answer.get("Message") or "")


def _from_xml(text: str) -> tuple[str, str]:
    code, message = _CODE.search(text), _MESSAGE.search(text)
    return code[1] if code else "ClientError", unescape(message[1], _ENTITIES) if message else ""
