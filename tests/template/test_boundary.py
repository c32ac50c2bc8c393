"""The permissions boundary leaves every bounded role what its own policies give it."""

from typing import Any

from constructs_lib.permissions_boundary import _ALLOWED
from tests.template.reading import Template, resources

BOUND = {action for _, actions in _ALLOWED.values() for action in actions}


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def _beyond(template: Template) -> set[str]:
    """Return the actions that bounded roles are allowed, and that the boundary takes from them."""
    bounded = {name for name, role in resources(template, "AWS::IAM::Role").items() if _is_bounded(role)}
    policies = [each["Properties"] for each in resources(template, "AWS::IAM::Policy").values()]
    return {
        action
        for policy in policies
        if bounded & {role["Ref"] for role in policy.get("Roles", [])}
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
        for action in _actions(statement)
    } - BOUND


def _is_bounded(role: dict[str, Any]) -> bool:
    return "PermissionsBoundary" in role["Properties"]


def test_nothing_that_a_role_is_allowed_lies_beyond_the_boundary(templates: dict[str, Template]) -> None:
    assert {name: _beyond(template) for name, template in templates.items() if _beyond(template)} == {}


def test_an_action_beyond_the_boundary_is_found_when_there_is_one(prod: Template) -> None:
    policy = {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "Roles": [{"Ref": "JwtRotationRoleA714DEE1"}],
            "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]},
        },
    }

    assert _beyond({"Resources": {**prod["Resources"], "Planted": policy}}) == {"sts:AssumeRole"}
