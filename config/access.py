"""Who may do what to which secret: said here, and nowhere else.

Policies of roles, secrets and keys are derived from it (constructs_lib/access); docs/access.md shows what came of it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from alees_secrets import naming
from config.environment import EMAIL, Environment


class Action(StrEnum):
    """What can be done to a secret."""

    READ_CURRENT = "read current"
    READ_PREVIOUS = "read previous"
    READ_PENDING = "read pending"
    READ_VERSION = "read by version id"
    READ_BATCH = "read in a batch"
    DESCRIBE = "describe"
    LIST_VERSIONS = "list versions"
    LIST = "list names"
    CREATE = "create"
    PUT = "put"
    ROTATE = "rotate"
    RECONFIGURE = "reconfigure"
    MOVE_LABELS = "move labels"
    RECORD = "record by hand"
    TAG = "tag"
    DELETE = "delete"
    READ_POLICY = "read policy"
    WRITE_POLICY = "write policy"


IN_USE = frozenset({Action.READ_CURRENT, Action.READ_PREVIOUS})
"""The values that applications use."""

VALUES = IN_USE | {Action.READ_PENDING, Action.READ_VERSION}
"""Every value."""

WRITES = frozenset({Action.CREATE, Action.PUT})
"""What needs a data key of the secret's key."""

UNSCOPED = frozenset({Action.READ_BATCH, Action.LIST})
"""What AWS knows for the whole account only. A batch needs the right to read each secret in it besides."""


class Duty(StrEnum):
    """Who does it, besides the functions of the shards of API keys: the role ``alees-{environment}-{duty}``."""

    APPLICATION = "application"
    DATABASE_ROTATION = "database-rotation"
    JWT_ROTATION = "jwt-rotation"
    EMAIL_ROTATION = "email-rotation"
    HEALTH = "health"
    OPERATOR = "operator"
    WRITER = "writer"
    AUDITOR = "auditor"
    BREAK_GLASS = "break-glass"
    DEVELOPER = "developer"
    """The IAM user of Dev, whose access keys stand in environment variables."""


PEOPLE = (Duty.OPERATOR, Duty.WRITER, Duty.AUDITOR, Duty.BREAK_GLASS)
"""Those whom people take on."""

DATABASE, JWT = "database/credentials", "jwt/credentials"
API_KEYS = "api/*/key"
"""All API keys: a list of them would not fit into a role's policy when there are 300."""

HONEY = "admin/credentials"
"""A secret that nobody has a reason to read, and nobody may: whoever tries is looking around."""

_USED = (DATABASE, JWT, EMAIL, API_KEYS)
_APPLICATION = IN_USE | {Action.READ_BATCH, Action.DESCRIBE}
_ROTATION = VALUES | {Action.DESCRIBE, Action.PUT, Action.MOVE_LABELS, Action.RECORD}
_LOOK = frozenset({Action.DESCRIBE, Action.LIST_VERSIONS, Action.LIST})
_WRITER = WRITES | {Action.DESCRIBE, Action.RECORD, Action.TAG}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What one duty may do to some secrets.

    Attributes:
        duty: Who.
        actions: What.
        names: Whole names, in which ``*`` stands for any text.
        but: Names among them that it is not about, because their own policies and keys do not admit the duty.
    """

    duty: str
    actions: frozenset[Action]
    names: tuple[str, ...]
    but: tuple[str, ...] = ()

    def is_about(self, name: str) -> bool:
        """Tell whether the rule is about the secret *name*, a whole name."""
        return name not in self.but and any(matches(pattern, name) for pattern in self.names)


def rules(environment: Environment) -> tuple[Rule, ...]:
    """Return all that anybody may do to secrets in *environment*; what is not said is denied."""
    slug = environment.slug
    found = [
        _rule(slug, Duty.APPLICATION, _APPLICATION, *_USED),
        _rule(slug, Duty.DATABASE_ROTATION, _ROTATION, DATABASE),
        Rule(duty=Duty.DATABASE_ROTATION, actions=IN_USE, names=(environment.database.admin_secret,)),
        _rule(slug, Duty.JWT_ROTATION, _ROTATION, JWT),
        _rule(slug, Duty.EMAIL_ROTATION, _ROTATION, EMAIL),
        _rule(slug, Duty.HEALTH, _LOOK, *_USED),
        *(rule for shard in environment.shards for rule in _shard_rules(environment, shard)),
    ]
    if environment.operators:
        found += [
            _rule(slug, Duty.OPERATOR, _LOOK, *_USED),
            _rule(slug, Duty.OPERATOR, {Action.ROTATE}, *_rotated(environment)),
        ]
    if environment.writers:
        found.append(_rule(slug, Duty.WRITER, _WRITER, *_USED))
    if environment.auditors:
        found.append(_rule(slug, Duty.AUDITOR, _LOOK | {Action.READ_POLICY}, "*"))
    if environment.break_glass:
        found.append(_rule(slug, Duty.BREAK_GLASS, frozenset(Action), "*"))
    if environment.iam_user:
        found += [
            _rule(slug, Duty.DEVELOPER, _APPLICATION | _WRITER, *_USED),
            _rule(slug, Duty.DEVELOPER, {Action.ROTATE}, *_rotated(environment)),
        ]
    return tuple(found)


def _rotated(environment: Environment) -> tuple[str, ...]:
    """Return the paths of what rotates by schedule, with one pattern for all API keys."""
    return (*(path for path in (DATABASE, JWT, EMAIL) if path in environment.rotated_paths), API_KEYS)


def _shard_rules(environment: Environment, shard: int) -> list[Rule]:
    """Return what a shard's function may do. Names do not tell shards apart: values of others stay closed to it."""
    below, services = naming.prefix(environment.slug), environment.api_services
    managements = {s.provider.management.secret for s in services if s.shard == shard and s.provider.management}
    others = tuple(below + each.path for each in services if each.shard != shard)
    values, duty, names = VALUES | {Action.PUT}, shard_duty(shard), (below + API_KEYS,)
    found = [
        Rule(duty=duty, actions=values, names=names, but=others),
        Rule(duty=duty, actions=_ROTATION - values, names=names),
    ]
    if managements:
        found.append(Rule(duty=duty, actions=IN_USE, names=tuple(sorted(managements))))
    return found


def _rule(slug: str, duty: str, actions: frozenset[Action] | set[Action], *paths: str) -> Rule:
    below = naming.prefix(slug)
    return Rule(duty=duty, actions=frozenset(actions), names=tuple(below + path for path in paths))


def duties(environment: Environment) -> tuple[str, ...]:
    """Return everybody whom a rule of *environment* names."""
    return tuple(dict.fromkeys(rule.duty for rule in rules(environment)))


def rules_of(environment: Environment, duty: str) -> tuple[Rule, ...]:
    """Return what *duty* may do."""
    return tuple(rule for rule in rules(environment) if rule.duty == duty)


def may(environment: Environment, duty: str, action: Action, name: str) -> bool:
    """Tell whether *duty* may do *action* to the secret *name*, a whole name.

    To read in a batch is to have the batch's own right and that to the value of AWSCURRENT. The honey secret's value is
    nobody's.
    """
    return _may(rules(environment), honey_name(environment), duty, action, name)


def _may(said: tuple[Rule, ...], honey: str, duty: str, action: Action, name: str) -> bool:
    if action in VALUES | {Action.READ_BATCH} and name == honey:
        return False
    if action is Action.READ_BATCH and not _may(said, honey, duty, Action.READ_CURRENT, name):
        return False
    return any(
        rule.duty == duty and action in rule.actions and (action in UNSCOPED or rule.is_about(name)) for rule in said
    )


def matches(pattern: str, name: str) -> bool:
    """Tell whether IAM takes *name* for one of *pattern*, in which ``*`` is any text and ``?`` any character."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.fullmatch("".join(parts), name, re.DOTALL) is not None


def readers(environment: Environment, name: str) -> tuple[str, ...]:
    """Return who may read a value of the secret *name*."""
    return who_may(environment, VALUES, (name,))


def who_may(environment: Environment, actions: frozenset[Action], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return who may do one of *actions* to one of *names*."""
    said, honey = rules(environment), honey_name(environment)  # once: it takes longer the more API services there are
    return tuple(
        duty
        for duty in duties(environment)
        if any(_may(said, honey, duty, action, name) for action in sorted(actions) for name in names)
    )


def all_names(environment: Environment) -> tuple[str, ...]:
    """Return the whole names of all secrets of *environment*, the honey secret's among them."""
    below = naming.prefix(environment.slug)
    return tuple(below + path for path in (*environment.secret_paths, HONEY))


def honey_name(environment: Environment) -> str:
    """Return the whole name of the secret that nobody may read."""
    return naming.prefix(environment.slug) + HONEY


def shard_duty(shard: int) -> str:
    """Return the duty of the function that rotates a shard of API keys."""
    return f"{api_domain(shard)}-rotation"


def api_domain(shard: int) -> str:
    """Return the part of the alias of a shard's key; the first one's is plain, for secrets that the client creates."""
    return "api" if shard == 1 else f"api-{shard:02}"
