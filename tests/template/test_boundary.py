"""The permissions boundaries leave every bounded role what its own policies give it."""

from typing import Any

from constructs_lib.permissions_boundary import BOUNDARIES
from tests.template.reading import Template, plain, resources

BOUND = {
    name: {action for _, actions in allowed.values() for action in actions} for name, allowed in BOUNDARIES.items()
}


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def _beyond(template: Template) -> set[str]:
    """Return the actions that bounded roles are allowed, and that their boundaries take from them."""
    bounded = {
        name: _boundary(role)
        for name, role in resources(template, "AWS::IAM::Role").items()
        if "PermissionsBoundary" in role["Properties"]
    }
    policies = [each["Properties"] for each in resources(template, "AWS::IAM::Policy").values()]
    return {
        action
        for policy in policies
        for role in policy.get("Roles", [])
        if role["Ref"] in bounded
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
        for action in _actions(statement)
        if action not in BOUND[bounded[role["Ref"]]]
    }


def _boundary(role: dict[str, Any]) -> str:
    """Return the name of a role's boundary; in the account's own stack it is a reference to the policy."""
    written = str(plain(role["Properties"]["PermissionsBoundary"]))
    references = {"<PeopleBoundary": "alees-people-boundary", "<CiBoundary": "alees-ci-boundary", "<": "alees-boundary"}
    return next((name for start, name in references.items() if written.startswith(start)), written.rpartition("/")[2])


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
