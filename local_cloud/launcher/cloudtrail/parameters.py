"""What a call asked for: CloudTrail's requestParameters, as the caller typed them and without any value.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import Any, TypeAlias

Parameters: TypeAlias = dict[str, Any]

_HIDDEN = frozenset(
    {
        "action",
        "authparameters",
        "ciphertextblob",
        "code",
        "environment",
        "input",
        "message",
        "newpassword",
        "oldpassword",
        "parameters",
        "parametervalue",
        "password",
        "payload",
        "plaintext",
        "rotationtoken",
        "secretaccesskey",
        "secretbinary",
        "secretstring",
        "sessiontoken",
        "templatebody",
        "value",
        "version",
        "webidentitytoken",
        "zipfile",
    }
)
"""Lower-case names of top-level parameters that may hold a secret, or that only say which API is called."""

_MOST_BYTES = 100 * 1024
"""Larger parameters are left out as a whole."""

_FUNCTION = re.compile(r"/functions/([^/]+)")


def request_parameters(
    service: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, list[str]]
) -> Parameters | None:
    """Return the parameters under their names in CloudTrail, which begin in lower case; None if there are none."""
    if "x-www-form-urlencoded" in headers.get("content-type", ""):
        given = _form({**urllib.parse.parse_qs(body.decode("utf-8", errors="replace")), **query})
    else:
        given = _json(body)
        if service == "s3" and (bucket := path.strip("/").partition("/")[0]):
            given = {"bucketName": bucket}
        if service == "lambda" and (function := _FUNCTION.search(path)):
            given = {"functionName": urllib.parse.unquote(function[1]), **given}
    found = {_camel(name): _renamed(value) for name, value in given.items() if name.lower() not in _HIDDEN}
    return found if found and len(json.dumps(found)) <= _MOST_BYTES else None


def _json(body: bytes) -> Parameters:
    try:
        given = json.loads(body or b"{}")
    except ValueError:  # an upload, or a request that the service itself refuses
        return {}
    return given if isinstance(given, dict) else {}


def _form(fields: Mapping[str, list[str]]) -> Parameters:
    """Return the fields of AWS's query protocol, with lists (``Tags.member.1.Key``) under their first name.

    https://docs.aws.amazon.com/IAM/latest/APIReference/programming.html
    """
    found: Parameters = {}
    for name, values in sorted(fields.items()):
        first, *rest = name.replace(".member.", ".").split(".")
        if not rest:
            found[first] = values[0]
        elif isinstance(members := found.setdefault(first, {}), dict):  # text if the field stands alone too
            members[".".join(rest)] = values[0]
    return found


def _renamed(value: object) -> object:
    if isinstance(value, dict):
        return {
            _camel(name): _renamed(inner) for name, inner in value.items() if name.lower() not in _HIDDEN - {"value"}
        }
    if isinstance(value, list):
        return [_renamed(each) for each in value]
    return value


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]
