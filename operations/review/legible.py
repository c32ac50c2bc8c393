"""Templates and differences as people read them."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from operations.review.assembly import Template, read_stacks

_DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{56}\b")
_AROUND = re.compile(
    r"[┌├│└]"  # tables of IAM and security groups, 200 columns wide: what they say of changes, the resources say too
    r"|(IAM|Security Group) .*Changes$"
    r"|\(NOTE: There may be security-related changes"
    r"|✨"
)
_WORDS = {
    "Action": "",
    "NotAction": "all but",
    "Resource": "on",
    "NotResource": "on all but",
    "Principal": "to",
    "NotPrincipal": "to all but",
    "Condition": "when",
}
_STATEMENT = ("Sid", "Effect", "Principal", "Action", "Resource")


def legible_copy(assembly: Path, folder: Path) -> Path:
    """Copy *assembly* to *folder*, without assets and with legible templates. Good for comparing, not for deploying."""
    shutil.copytree(assembly, folder, ignore=shutil.ignore_patterns("asset.*"))
    for stack in read_stacks(folder):
        stack.template_file.write_text(json.dumps(legible_template(stack.read_template())), encoding="utf-8")
    return folder


def legible_template(template: Template) -> dict[str, Any]:
    """Return *template* with references written as in Fn::Sub, and without the CDK's notes on assets and versions."""
    return {
        **legible(template),
        "Resources": {
            name: legible(_without_notes(resource))
            for name, resource in template["Resources"].items()
            if resource["Type"] != "AWS::CDK::Metadata"
        },
    }


def _without_notes(resource: Mapping[str, Any]) -> dict[str, Any]:
    metadata = resource.get("Metadata", {})
    kept = {name: note for name, note in metadata.items() if not name.startswith("aws:asset:")}
    return {**resource, "Metadata": kept}


def legible(value: Any) -> Any:  # noqa: ANN401 - JSON has any shape
    """Return *value* with references in plain text, as ``${LogicalId.Attribute}``, and statements in reading order."""
    match value:
        case {"Ref": _, **rest} | {"Fn::GetAtt": _, **rest} | {"Fn::Join": _, **rest} if not rest:
            return _reference(value)
        case {"Effect": _, "Action": list(actions)}:
            # All of them on one line, so that they stand within the lines around a changed resource.
            return legible({**value, "Action": ", ".join(actions)})
        case {"Effect": _}:
            first = [key for key in _STATEMENT if key in value]
            return {key: legible(value[key]) for key in [*first, *(key for key in value if key not in first)]}
        case dict():
            return {key: legible(each) for key, each in value.items()}
        case list():
            return [legible(each) for each in value]
        case _:
            return value


def _reference(value: Mapping[str, Any]) -> object:
    match value:
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Join": ["", list(parts)]} if all(isinstance(legible(part), str) for part in parts):
            return "".join(legible(part) for part in parts)
        case _:
            return {key: legible(each) for key, each in value.items()}


def legible_statements(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON has any shape
    """Yield each statement of the policies in a legible resource in one line. The CDK CLI shows none of a new one's."""
    match value:
        case {"Effect": effect, **rest}:
            told = (f"{word} {_text(rest[key])}".strip() for key, word in _WORDS.items() if key in rest)
            yield " ".join((effect, *told))
        case dict():
            for each in value.values():
                yield from legible_statements(each)
        case list():
            for each in value:
                yield from legible_statements(each)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def legible_diff(printed: str) -> str:
    """Return what the CDK CLI printed without tables, summaries and blank lines, and with digests of 8 characters."""
    lines = (line.rstrip() for line in printed.splitlines())
    return "\n".join(_DIGEST.sub(r"\1", line) for line in lines if line and not _AROUND.match(line))
