"""Find things in a template."""

from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]

PARTITION = "aws"


def resources(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Return the resources of one type by logical id."""
    return {name: each for name, each in template["Resources"].items() if each["Type"] == kind}


def only(template: Template, kind: str) -> dict[str, Any]:
    """Return the properties of the one resource of a type."""
    (resource,) = resources(template, kind).values()
    properties: dict[str, Any] = resource["Properties"]
    return properties


def one(template: Template, kind: str, prefix: str) -> str:
    """Return the logical id of the one resource of a type whose id begins with *prefix*."""
    (found,) = (name for name in resources(template, kind) if name.startswith(prefix))
    return found


def plain(value: Any) -> Any:
    """Return *value* with joins joined, and references written ``<LogicalId>`` or ``<LogicalId.Attribute>``."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return separator.join(plain(part) for part in parts)
        case {"Ref": name}:
            return PARTITION if name == "AWS::Partition" else f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case _:
            return value


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every statement of every policy in the template with the logical id of its resource."""
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        for key in ("PolicyDocument", "KeyPolicy", "ResourcePolicy", "AssumeRolePolicyDocument"):
            for statement in properties.get(key, {}).get("Statement", []):
                yield name, plain(statement)


def role_statements(template: Template, role_id: str) -> list[dict[str, Any]]:
    """Return the statements of the policies attached to one role, in order."""
    found = [
        statement
        for policy in resources(template, "AWS::IAM::Policy").values()
        if {"Ref": role_id} in policy["Properties"].get("Roles", [])  # of a user otherwise
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    return [plain(statement) for statement in found]
