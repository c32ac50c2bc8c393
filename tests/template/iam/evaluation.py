"""Whether statements allow or deny a request. An operator or key that is not known here is an error, never a guess."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property
from typing import Any

Statement = dict[str, Any]


class Decision(Enum):
    """What a set of statements says of a request."""

    ALLOW = "allow"
    DENY = "deny"
    SILENT = "silent"


@dataclass(frozen=True)
class Request:
    """One call.

    Attributes:
        action: Such as ``secretsmanager:GetSecretValue``.
        resource: ARN that it is about, ``*`` for calls that know none.
        principal: ARN of the caller: its role's, not its session's. Empty for one who shows no credentials.
        keys: Condition keys that the request carries.
    """

    action: str
    resource: str
    principal: str
    keys: Mapping[str, str | list[str]] = field(default_factory=dict)

    @cached_property
    def held(self) -> Mapping[str, str | list[str] | None]:
        """Return the condition keys in lower case, the caller's ARN among them."""
        return {"aws:principalarn": self.principal or None, **{key.lower(): value for key, value in self.keys.items()}}


def decide(statements: Iterable[Statement], request: Request) -> Decision:
    """Return what *statements* say; a denial wins."""
    found = Decision.SILENT
    for statement in statements:
        if applies(statement, request):
            if statement["Effect"] == "Deny":
                return Decision.DENY
            found = Decision.ALLOW
    return found


def applies(statement: Statement, request: Request) -> bool:
    """Tell whether a statement is about a request."""
    return (
        is_named(statement, request.action)
        and any(_like(pattern, request.resource) for pattern in listed(statement.get("Resource", "*")))
        and _names(statement.get("Principal"), request.principal)
        and all(
            _holds(operator, key, listed(values), request)
            for operator, pairs in statement.get("Condition", {}).items()
            for key, values in pairs.items()
        )
    )


def is_named(statement: Statement, action: str) -> bool:
    """Tell whether a statement is about an action, of some resource and under some condition."""
    wanted = action.lower()
    return any(_like(pattern.lower(), wanted) for pattern in listed(statement["Action"]))


def listed(value: Any) -> list[str]:
    """Return a policy's value as a list."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _names(principal: Any, caller: str) -> bool:
    if principal is None:  # a policy of the caller's own
        return True
    if principal == "*":
        return True
    return any(
        named in {"*", caller} or (named.endswith(":root") and named.split(":")[4] == _account(caller))
        for sort in principal.values()
        for named in listed(sort)
    )


def _account(arn: str) -> str:
    return arn.split(":")[4] if arn.startswith("arn:") else ""


def _holds(operator: str, key: str, wanted: list[str], request: Request) -> bool:
    quantifier, _, base = operator.rpartition(":")
    if_exists = base.endswith("IfExists")
    base = base.removesuffix("IfExists")
    held = request.held.get(key.lower())
    if base == "Null":
        return (held is None) is (wanted == ["true"])
    test = _OPERATORS[base]
    if held is None:
        return if_exists or base.startswith(("ArnNot", "StringNot")) or quantifier == "ForAllValues"
    if quantifier == "" and isinstance(held, list):
        raise ValueError(f"{key} holds several values, {operator} takes one")
    results = [test(each, wanted) for each in (held if isinstance(held, list) else [held])]
    return any(results) if quantifier == "ForAnyValue" else all(results)


@cache
def _like(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(each, re.escape(each)) for each in pattern), re.DOTALL)


_OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "StringEquals": lambda held, wanted: held in wanted,
    "StringLike": lambda held, wanted: any(_like(each, held) for each in wanted),
    "Bool": lambda held, wanted: held in wanted,
    "ArnLike": lambda held, wanted: any(_arn_like(each, held) for each in wanted),
    "ArnNotLike": lambda held, wanted: not any(_arn_like(each, held) for each in wanted),
}


def _arn_like(pattern: str, arn: str) -> bool:
    wanted, held = pattern.split(":", 5), arn.split(":", 5)
    return pattern == "*" or (len(wanted) == len(held) and all(_like(*pair) for pair in zip(wanted, held, strict=True)))
