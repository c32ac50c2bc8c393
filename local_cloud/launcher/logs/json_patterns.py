"""Filter patterns that select by the fields of a JSON line; MiniStack takes them for words.

``{ ($.a = "x*") && ($.b.c IS FALSE) || ($.d != "y") }``: texts with ``*`` for any text, ``IS TRUE`` and ``IS FALSE``.
AWS knows more (numbers, arrays, NULL, EXISTS, regular expressions); here such a pattern is refused.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

Matches: TypeAlias = Callable[[Any], bool]

_TOKEN = re.compile(r'\s*(\(|\)|&&|\|\||!=|=|IS\s+TRUE|IS\s+FALSE|"[^"]*"|\$(?:\.\w+)+)')


class PatternError(ValueError):
    """A pattern is not one of those that are understood here; the message says where."""


def is_json_pattern(pattern: str) -> bool:
    """Tell whether a pattern selects by fields."""
    return pattern.strip().startswith("{")


def compiled(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a line matches.

    Raises:
        PatternError: The pattern is not understood.
    """
    text = pattern.strip()
    if not text.endswith("}"):
        raise PatternError(f"the pattern {text!r} does not end in a brace")
    reader = _Reader(text[1:-1].strip())
    matches = reader.either()
    reader.end()

    def holds(line: str) -> bool:
        try:
            document = json.loads(line)
        except ValueError:
            return False
        return matches(document)

    return holds


class _Reader:
    """Reads one pattern from left to right; && binds tighter than ||."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def either(self) -> Matches:
        parts = [self._both()]
        while self._next_is("||"):
            parts.append(self._both())
        return lambda document: any(part(document) for part in parts)

    def end(self) -> None:
        if self._at < len(self._text):
            raise PatternError(f"the pattern is not understood from {self._text[self._at :]!r} on")

    def _both(self) -> Matches:
        parts = [self._one()]
        while self._next_is("&&"):
            parts.append(self._one())
        return lambda document: all(part(document) for part in parts)

    def _one(self) -> Matches:
        if self._next_is("("):
            inner = self.either()
            if not self._next_is(")"):
                raise PatternError(f"a parenthesis is not closed before {self._text[self._at :]!r}")
            return inner
        return self._comparison(self._take(), self._take())

    def _comparison(self, field: str, operator: str) -> Matches:
        names = field.split(".")[1:]
        if not field.startswith("$.") or not names:
            raise PatternError(f"a field such as $.eventName was expected, not {field!r}")
        if operator.startswith("IS"):
            wanted = operator.endswith("TRUE")
            return lambda document: _value(document, names) is wanted
        text = self._take()
        if operator not in {"=", "!="} or not text.startswith('"'):
            raise PatternError(f"{field} {operator} {text} is not understood")
        like = re.compile(".*".join(re.escape(part) for part in text[1:-1].split("*")), re.DOTALL)
        return lambda document: _is_like(_value(document, names), like, equal=operator == "=")

    def _next_is(self, token: str) -> bool:
        found = _TOKEN.match(self._text, self._at)
        if found is None or found[1] != token:
            return False
        self._at = found.end()
        return True

    def _take(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise PatternError(f"the pattern is not understood from {self._text[self._at :]!r} on")
        self._at = found.end()
        return found[1]


def _is_like(value: object, like: re.Pattern[str], *, equal: bool) -> bool:
    """Compare a field; one that is not there matches neither = nor !=."""
    return isinstance(value, str) and (like.fullmatch(value) is not None) == equal


def _value(document: object, names: list[str]) -> object:
    for name in names:
        if not isinstance(document, dict):
            return None
        document = document.get(name)
    return document
