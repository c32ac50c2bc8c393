"""Calls of REST APIs, as configuration declares them."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from alees_secrets.naming import ROOT
from config.checks import check_one_of, check_pattern
from config.errors import refuse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
_URL = r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:/[!-~]*)?"
_IN_URLS = frozenset({"id", "name"})
_OF_THE_KEY = ("api_key", "api_secret")


@dataclass(frozen=True, kw_only=True, slots=True)
class Management:
    """A secret that lets rotation manage keys. Not made here: whoever has an account at the provider creates it.

    Attributes:
        secret: Name of the secret in the environment's region, a JSON object.
        fields: Names of its fields that calls use, as ``{management.token}``.
        secret_key: ARN of the KMS key that encrypts it, when it is a customer managed one.
    """

    secret: str
    fields: tuple[str, ...]
    secret_key: str | None = None

    def check(self, where: str) -> None:
        """Refuse wrong values; *where* this object stands."""
        check_pattern(
            f"{where}.secret", self.secret, r"[A-Za-z0-9/_+=.@!-]{1,512}", "the name (not the ARN) of a secret"
        )
        if self.secret.startswith(f"{ROOT}/"):
            refuse(
                f"{where}.secret",
                self.secret,
                f"a name that does not begin with {ROOT}/: what stands there rotates itself, and a call that needs the "
                "very key which rotates could not be made before the first rotation, nor after that key was lost",
            )
        if not self.fields:
            refuse(f"{where}.fields", self.fields, "one field or more")
        for number, name in enumerate(self.fields):
            check_pattern(f"{where}.fields[{number}]", name, r"[a-z_]{1,64}", "lower-case letters and underscores")
        if self.secret_key is not None:
            check_pattern(f"{where}.secret_key", self.secret_key, r"arn:aws[a-z-]*:kms:.+:key/.+", "a key's ARN")


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call of a REST API. Headers and the strings in a body may hold placeholders; each use says which.

    Attributes:
        method: One of METHODS.
        url: Starts with https. Redirects are not followed.
        headers: By name.
        body: Sent as JSON; None sends no body.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None

    def check(self, where: str, allowed: Collection[str]) -> None:
        """Refuse wrong values; *where* this object stands, and which placeholders are *allowed* in it."""
        check_one_of(f"{where}.method", self.method, METHODS)
        check_pattern(f"{where}.url", self.url, _URL, "an https URL, such as https://api.example.com/v1/keys")
        for name, value in self.headers.items():
            check_pattern(f"{where}.headers", name, r"[A-Za-z0-9-]+", "names of letters, digits and hyphens")
            check_pattern(f"{where}.headers[{name!r}]", value, r"[ -~]*", "printable ASCII")
        if self.body is not None and not _is_json(self.body):
            refuse(f"{where}.body", self.body, "None, or a mapping of what JSON can hold")
        self._check_placeholders(f"{where}.url", [self.url], [name for name in allowed if name in _IN_URLS])
        self._check_placeholders(where, [*self.headers.values(), *_strings(self.body)], allowed)

    def settings(self) -> Mapping[str, object]:
        """Return the call as JSON may hold it."""
        return {"method": self.method, "url": self.url, "headers": dict(self.headers), "body": self.body}

    def _check_placeholders(self, where: str, texts: Collection[str], allowed: Collection[str]) -> None:
        for name in self.placeholders(texts):
            if name.startswith("current."):
                refuse(
                    where,
                    f"{{{name}}}",
                    "{management....}: a call that needs the very key which rotates could not be made before the first "
                    "rotation, nor after that key was lost",
                )
            if name not in allowed:
                shown = ", ".join(f"{{{each}}}" for each in sorted(allowed)) or "no placeholder, since URLs are logged"
                refuse(where, f"{{{name}}}", shown)

    def placeholders(self, texts: Collection[str] | None = None) -> set[str]:
        """Return the names in braces in *texts*; without, in the whole call."""
        found = [self.url, *self.headers.values(), *_strings(self.body)] if texts is None else texts
        return {name for text in found for name in _PLACEHOLDER.findall(text)}


def check_verify(where: str, call: Call) -> None:
    """Refuse a *call* that does not use the key that it is to verify: its answer would tell nothing."""
    call.check(where, _OF_THE_KEY)
    if not call.placeholders() & set(_OF_THE_KEY):
        refuse(where, "a call without it", "one that uses {api_key} or {api_secret}")


def _strings(body: object) -> list[str]:
    if isinstance(body, str):
        return [body]
    if isinstance(body, Mapping):
        return [text for each in body.values() for text in _strings(each)]
    if isinstance(body, list | tuple):
        return [text for each in body for text in _strings(each)]
    return []


def _is_json(body: object) -> bool:
    try:
        json.dumps(body, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return isinstance(body, Mapping)
