"""Every way in which one derived statement could be weaker, and denials that would stand in the way of repairs.

Weaker: an action, a principal or a resource more, a condition less or wider. An action that other statements of the
same policy allow anyway on these resources is no change, and is left out.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.template.iam import layers
from tests.template.iam.evaluation import Statement, listed
from tests.template.iam.layers import Question, wrong
from tests.template.iam.probes import CALLS, ESCALATIONS, KEY_CALLS
from tests.template.iam.trust import trust, trusted
from tests.template.iam.world import Principal, World

_UNSCOPED = {"BatchGetSecretValue", "ListSecrets"}
_STRANGER = "arn:aws:iam::{}:role/somebody"


@dataclass(frozen=True)
class Place:
    """A statement in a policy, what the policy must answer, and whom it must name."""

    owner: str
    statements: list[Statement]
    index: int
    questions: Sequence[Question]
    principals: set[str] | None = None


@dataclass(frozen=True)
class Mutant:
    """A statement, changed."""

    place: Place
    change: str
    statement: Statement

    def survives(self) -> bool:
        """Tell whether nothing that looks at the statement sees the change."""
        kept = self.place.statements[self.place.index]
        self.place.statements[self.place.index] = self.statement
        try:
            return (
                self._named() == self.place.principals
                and next(wrong(self.place.statements, self.place.questions), None) is None
            )
        finally:
            self.place.statements[self.place.index] = kept

    def _named(self) -> set[str] | None:
        return None if self.place.principals is None else named(self.place.statements)


def named(statements: list[Statement]) -> set[str]:
    """Return whom the statements of a policy of a resource or role name, before any condition."""
    return {who for each in statements for sort in each["Principal"].values() for who in listed(sort)}


def mutants(world: World) -> Iterator[Mutant]:
    """Yield every mutant of *world*."""
    for place in places(world):
        statement = place.statements[place.index]
        if statement["Effect"] == "Allow":
            yield from _more_actions(place, statement)
        else:
            yield from _other_denials(place, statement)
        yield from _fewer_conditions(place, statement)
        yield from _wider_conditions(world, place, statement)
        yield from _wider_resources(place, statement)
        yield from _more_principals(world, place, statement)


def places(world: World) -> Iterator[Place]:
    """Yield every derived statement: of roles and users about secrets, keys and roles; of secrets; of their keys."""
    for principal in world.principals.values():
        yield from _of_principal(world, principal)
    for name, secret in world.secrets.items():
        questions = layers.secret_policy(world, name, secret)
        for index in range(len(secret.policy)):
            yield Place(name, secret.policy, index, questions, {"*"})
    for key in world.keys.values():
        if any(secret.key == key.arn for secret in world.secrets.values()):
            questions = layers.key_policy(world, key)
            for index in range(len(key.policy)):
                yield Place(key.aliases[0], key.policy, index, questions, {f"arn:aws:iam::{world.account}:root"})


def _of_principal(world: World, principal: Principal) -> Iterator[Place]:
    for index in range(len(principal.trust)):
        yield Place(
            f"{principal.name}'s trust", principal.trust, index, trust(world, principal), trusted(world, principal)
        )
    about_secrets = [*layers.own_policies(world, principal), *layers.escalation(world, principal)]
    about_keys = layers.own_use_of_keys(world, principal)
    for index, statement in enumerate(principal.own):
        services = {each.partition(":")[0] for each in listed(statement["Action"])}
        if services & {"secretsmanager", "sts", "kms"}:
            questions = about_keys if services == {"kms"} else about_secrets
            yield Place(principal.name, principal.own, index, questions)


def _more_actions(place: Place, statement: Statement) -> Iterator[Mutant]:
    """Each action of the same service that the statement lacks; on all resources, each way to more rights too."""
    has, resources = listed(statement["Action"]), listed(statement.get("Resource", []))
    more: list[str] = []
    if any(each.startswith("secretsmanager:") for each in has):
        more += [f"secretsmanager:{call}" for call in CALLS if (call in _UNSCOPED) is (resources == ["*"])]
    if any(each.startswith("kms:") for each in has):
        more += [f"kms:{call}" for call in KEY_CALLS]
    if resources == ["*"] and "Principal" not in statement:
        more += [*ESCALATIONS, *(f"secretsmanager:{call}" for call in CALLS)]
    for action in dict.fromkeys(more):
        if action not in has and not _allowed_anyway(place, action, resources):
            yield _mutant(place, f"allows {action} too", Action=[*has, action])


def _allowed_anyway(place: Place, action: str, resources: list[str]) -> bool:
    """Tell whether a statement without conditions on the call allows an action on all these resources."""
    return any(
        action in listed(each["Action"])
        and set(resources) <= set(listed(each["Resource"]))
        and set(each.get("Condition", {})) <= {"ForAnyValue:StringLike"}  # the keys' aliases
        for each in place.statements
    )


def _other_denials(place: Place, statement: Statement) -> Iterator[Mutant]:
    denied = listed(statement["Action"])
    for action in denied:
        left = [each for each in denied if each != action]
        yield _mutant(place, f"does not deny {action}", **({"Action": left} if left else {"Action": "none:None"}))
    for call in CALLS:
        if f"secretsmanager:{call}" not in denied and call not in _UNSCOPED:
            yield _mutant(place, f"denies {call} too", Action=[*denied, f"secretsmanager:{call}"])
    yield _mutant(place, "denies everything", Action="*")
    yield _mutant(place, "allows instead", Effect="Allow")


def _fewer_conditions(place: Place, statement: Statement) -> Iterator[Mutant]:
    for operator, pairs in statement.get("Condition", {}).items():
        for key in pairs:
            conditions = deepcopy(statement["Condition"])
            del conditions[operator][key]
            yield _mutant(place, f"lacks {operator} {key}", Condition={k: v for k, v in conditions.items() if v})


def _wider_conditions(world: World, place: Place, statement: Statement) -> Iterator[Mutant]:
    for operator, pairs in statement.get("Condition", {}).items():
        for key, values in pairs.items():
            for wider in _wider_values(world, operator, key, listed(values)):
                conditions = deepcopy(statement["Condition"])
                conditions[operator][key] = wider
                yield _mutant(place, f"{operator} {key} is {wider}", Condition=conditions)


def _wider_values(world: World, operator: str, key: str, values: list[str]) -> Iterator[Any]:
    if operator.startswith(("Bool", "Null")):
        yield {"true": "false", "false": "true"}[values[0]]
    elif "Like" in operator and key != "aws:PrincipalArn":
        yield [*values, "*"]
    elif key == "aws:PrincipalArn":
        yield [*values, "*"]
        yield [*values, _STRANGER.format(world.account)]
    elif key == "aws:TagKeys":
        yield [*values, "alees:expires-at"]
    elif key == "secretsmanager:VersionStage":
        yield [*values, "AWSPENDING"]
    elif key.endswith(":sub"):
        yield [*values, "repo:somebody/else:environment:deployment", "repo:somebody/else:pull_request"]
    elif key.endswith(":aud"):
        yield [*values, "https://github.com/somebody"]
    elif key == "kms:ViaService":
        yield [*values, f"s3.{world.environment.region}.amazonaws.com"]
    elif key == "kms:CallerAccount":
        yield [*values, "000000000001"]
    else:
        raise ValueError(f"no way to widen {operator} {key} is known")


def _wider_resources(place: Place, statement: Statement) -> Iterator[Mutant]:
    for resource in dict.fromkeys(listed(statement.get("Resource", "*"))):
        for wider in _wider_arns(resource):
            kept = [each for each in listed(statement["Resource"]) if each != resource]
            yield _mutant(place, f"{resource} is {wider}", Resource=[*kept, wider])


def _wider_arns(resource: str) -> Iterator[str]:
    if resource == "*":
        return
    yield "*"
    parts = resource.split(":")
    if parts[2] == "secretsmanager":
        yield ":".join([*parts[:6], "alees/*"])
        yield ":".join([*parts[:6], "*"])
        if not resource.endswith("/*-??????"):
            yield resource.replace("-??????", "*")
            yield ":".join([*parts[:6], "/".join(parts[6].split("/")[:2]) + "/*"])
    if parts[2] == "kms" and not resource.endswith("key/*"):
        yield ":".join([*parts[:5], "key/*"])


def _more_principals(world: World, place: Place, statement: Statement) -> Iterator[Mutant]:
    principal = statement.get("Principal")
    if principal is None:
        return
    if statement["Effect"] == "Deny":
        yield _mutant(place, "is about one role", Principal={"AWS": _STRANGER.format(world.account)})
        return
    for sort, who in (("AWS", "*"), ("AWS", _STRANGER.format(world.account)), ("Service", "ecs-tasks.amazonaws.com")):
        both = {**principal, sort: [*listed(principal.get(sort, [])), who]}
        yield _mutant(place, f"names {who} too", Principal=both)


def _mutant(place: Place, change: str, **parts: Any) -> Mutant:
    return Mutant(place, change, {**place.statements[place.index], **parts})
