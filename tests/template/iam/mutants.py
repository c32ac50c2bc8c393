"""Every way in which one statement could be weaker, and denials that would stand in the way of repairs.

Weaker: an action, a principal or a resource more, a condition less, wider, or asked of those alone who show its key. An
action that other statements of the same policy allow anyway on these resources is no change, and is left out.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.template.iam import besides, boundaries, layers, trust
from tests.template.iam.checked import Checked
from tests.template.iam.evaluation import Statement, listed
from tests.template.iam.probes import CALLS, KEY_CALLS
from tests.template.iam.world import Principal, World

_UNSCOPED = {"BatchGetSecretValue", "ListSecrets"}
_ELSEWHERE = "secretsmanager.us-east-2.amazonaws.com"
_STRANGER = "arn:aws:iam::{}:role/somebody"
_EVERYTHING = (
    *(f"secretsmanager:{call}" for call in CALLS),
    *(f"kms:{call}" for call in KEY_CALLS),
    *besides.ACTIONS,
)

KNOWN = {*_EVERYTHING, *trust.ACTIONS}
"""Every action that the questions are about."""


@dataclass(frozen=True)
class Mutant:
    """A statement, changed."""

    policy: Checked
    index: int
    change: str
    statement: Statement

    @property
    def name(self) -> str:
        """Return what is changed and how."""
        return f"{self.policy.owner}: {self.change}"

    def survives(self) -> bool:
        """Tell whether nothing that looks at the policy sees the change."""
        return not self.policy.sees(self.index, self.statement)


def mutants(world: World, policy: Checked) -> Iterator[Mutant]:
    """Yield every mutant of one policy."""
    for index, statement in enumerate(policy.statements):
        for change, changed in _changes(world, policy, statement):
            yield Mutant(policy, index, change, {**statement, **changed})


_Changes = Iterator[tuple[str, dict[str, Any]]]
"""What is changed, and the parts of the statement that are others."""


def _changes(world: World, policy: Checked, statement: Statement) -> _Changes:
    if statement["Effect"] == "Allow":
        yield from _more_actions(policy, statement)
        yield from _if_exists(statement)
    else:
        yield from _other_denials(statement)
    yield from _fewer_conditions(statement)
    yield from _wider_conditions(world, statement)
    yield from _wider_resources(statement)
    yield from _more_principals(world, statement)


def policies(world: World) -> Iterator[Checked]:
    """Yield every policy that is derived: of roles and users, their trust, boundaries, secrets, and their keys."""
    for principal in world.principals.values():
        yield from _of_principal(world, principal)
    for name, statements in world.boundaries.items():
        yield Checked(name, statements, boundaries.boundary(world, name))
    for name, secret in world.secrets.items():
        yield Checked(name, secret.policy, layers.secret_policy(world, name, secret), {"*"})
    root = {f"arn:aws:iam::{world.account}:root"}
    for key in world.keys.values():
        if any(secret.key == key.arn for secret in world.secrets.values()):
            yield Checked(key.aliases[0], key.policy, layers.key_policy(world, key), root)
    if world.recovery_key is not None:
        questions = layers.recovery_key_policy(world, world.recovery_key)
        yield Checked(world.recovery_key.aliases[0], world.recovery_key.policy, questions, root)


def _of_principal(world: World, principal: Principal) -> Iterator[Checked]:
    if principal.trust:
        whom = trust.trusted(world, principal)
        yield Checked(f"{principal.name}'s trust", principal.trust, trust.trust(world, principal), whom)
    questions = [
        *layers.own_policies(world, principal),
        *layers.own_use_of_keys(world, principal),
        *besides.besides(world, principal),
    ]
    yield Checked(principal.name, principal.own, questions)


def _more_actions(policy: Checked, statement: Statement) -> _Changes:
    """Each action that the statement lacks, of the services that its resources are of."""
    has, resources = listed(statement["Action"]), listed(statement.get("Resource", []))
    for action in dict.fromkeys(_addable(statement, has, resources)):
        if action not in has and not _allowed_anyway(policy, action, resources):
            yield f"allows {action} too", {"Action": [*has, action]}
    for action in ("*", *dict.fromkeys(f"{each.partition(':')[0]}:*" for each in has)):
        yield f"allows {action} too", {"Action": [*has, action]}


def _addable(statement: Statement, has: list[str], resources: list[str]) -> Iterator[str]:
    if "Principal" in statement:  # of a key, or a role's trust
        yield from trust.ACTIONS if has[0].startswith("sts:") else (f"kms:{call}" for call in KEY_CALLS)
        return
    services = {each.split(":")[2] for each in resources if each != "*"}
    for action in _EVERYTHING:
        service, _, call = action.partition(":")
        scoped = call not in _UNSCOPED
        if "*" in resources or (service in services and scoped) or (service == "sts" and "iam" in services):
            yield action


def _allowed_anyway(policy: Checked, action: str, resources: list[str]) -> bool:
    """Tell whether a statement without conditions on the call allows an action on all these resources."""
    # A secret that exists has no ARN without the last characters.
    whole = {each for each in resources if f"{each}-??????" not in resources}
    return any(
        action in listed(each["Action"])
        and (whole <= set(listed(each.get("Resource", []))) or each.get("Resource") == "*")
        and set(each.get("Condition", {})) <= {"ForAnyValue:StringLike"}  # the keys' aliases
        for each in policy.statements
    )


def _if_exists(statement: Statement) -> _Changes:
    """Each condition that would no longer be asked of those who show no key of it.

    ForAllValues and negations are true already where there is no key; Null is about just that.
    """
    for operator, pairs in statement.get("Condition", {}).items():
        if not any(word in operator for word in ("Null", "Not", "ForAllValues", "IfExists")):
            for key, values in pairs.items():
                conditions = _without(statement, operator, key)
                conditions.setdefault(f"{operator}IfExists", {})[key] = values
                yield f"{operator}IfExists {key}", {"Condition": conditions}


def _without(statement: Statement, operator: str, key: str) -> dict[str, Any]:
    conditions: dict[str, Any] = deepcopy(statement["Condition"])
    del conditions[operator][key]
    return {name: pairs for name, pairs in conditions.items() if pairs}


def _other_denials(statement: Statement) -> _Changes:
    denied = listed(statement["Action"])
    for action in denied:
        left = [each for each in denied if each != action]
        yield f"does not deny {action}", {"Action": left or "none:None"}
    for call in CALLS:
        if f"secretsmanager:{call}" not in denied and call not in _UNSCOPED:
            yield f"denies {call} too", {"Action": [*denied, f"secretsmanager:{call}"]}
    yield "denies everything", {"Action": "*"}
    yield "allows instead", {"Effect": "Allow"}


def _fewer_conditions(statement: Statement) -> _Changes:
    for operator, pairs in statement.get("Condition", {}).items():
        for key in pairs:
            yield f"lacks {operator} {key}", {"Condition": _without(statement, operator, key)}


def _wider_conditions(world: World, statement: Statement) -> _Changes:
    for operator, pairs in statement.get("Condition", {}).items():
        for key, values in pairs.items():
            for wider in _wider_values(world, operator, key, listed(values)):
                conditions = deepcopy(statement["Condition"])
                conditions[operator][key] = wider
                yield f"{operator} {key} is {wider}", {"Condition": conditions}


def _wider_values(world: World, operator: str, key: str, values: list[str]) -> Iterator[Any]:
    if operator.startswith(("Bool", "Null")):
        yield {"true": "false", "false": "true"}[values[0]]
    elif key == "kms:ViaService":
        yield from ([*values, other] for other in (f"s3.{values[0].partition('.')[2]}", _ELSEWHERE))
    elif key == "kms:EncryptionContext:SecretARN":
        yield from ([*values, wider] for value in values for wider in _wider_arns(value))
    else:
        more = _MORE_VALUES.get(key) or _MORE_VALUES[key.rpartition(":")[2]]
        yield from ([*values, each.format(account=world.account)] for each in more)


_MORE_VALUES = {
    "aws:PrincipalArn": ("*", "arn:aws:iam::{account}:role/somebody", "arn:aws:iam::{account}:role/alees/*"),
    "aws:TagKeys": ("alees:expires-at",),
    "secretsmanager:KmsKeyId": ("*", "alias/aws/secretsmanager", "alias/alees/*"),
    "secretsmanager:VersionStage": ("AWSPENDING", "alees-revoked"),
    "kms:CallerAccount": ("000000000001",),
    "kms:ResourceAliases": ("*", "alias/*", "alias/alees/*"),
    "ses:FromAddress": ("*",),
    "sub": ("repo:somebody/else:environment:deployment", "repo:somebody/else:pull_request"),
    "aud": ("https://github.com/somebody",),
}
"""What a condition may hold too, by its key or the end of it. A key that is not here is an error."""


def _wider_resources(statement: Statement) -> _Changes:
    for resource in dict.fromkeys(listed(statement.get("Resource", "*"))):
        for wider in _wider_arns(resource):
            kept = [each for each in listed(statement["Resource"]) if each != resource]
            yield f"{resource} is {wider}", {"Resource": [*kept, wider]}


def _wider_arns(resource: str) -> Iterator[str]:
    """Yield the ARN in any region, in any account, with more after it, its siblings, and all of its service."""
    if resource == "*":
        return
    parts = resource.split(":", maxsplit=5)
    name = parts[5]
    found = [
        *(":".join([*parts[:place], "*", *parts[place + 1 :]]) for place in (3, 4) if parts[place]),
        *(":".join([*parts[:5], wider]) for wider in (f"{name}*", "*", _siblings(name))),
        *([":".join([*parts[:5], "secret:alees/*"])] if parts[2] == "secretsmanager" else []),
        resource.replace("-??????", "*"),
        "*",
    ]
    yield from (each for each in dict.fromkeys(found) if each != resource and not each.endswith("**"))


def _siblings(name: str) -> str:
    """Return a pattern for what stands beside a resource, such as ``secret:alees/prod/*``."""
    before, slash, _ = name.rpartition("/")
    return f"{before}/*" if slash else f"{name.partition(':')[0]}:*"


def _more_principals(world: World, statement: Statement) -> _Changes:
    principal = statement.get("Principal")
    if principal is None:
        return
    if statement["Effect"] == "Deny":
        yield "is about one role", {"Principal": {"AWS": _STRANGER.format(world.account)}}
        return
    for sort, who in (("AWS", "*"), ("AWS", _STRANGER.format(world.account)), ("Service", "ecs-tasks.amazonaws.com")):
        both = {**principal, sort: [*listed(principal.get(sort, [])), who]}
        yield f"names {who} too", {"Principal": both}
