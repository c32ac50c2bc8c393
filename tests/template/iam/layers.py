"""What each layer alone must say, by the access matrix, so that a weakness in one is not hidden by another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from alees_secrets import naming
from alees_secrets.naming import OPERATION_TAGS
from config.access import (
    UNSCOPED,
    VALUES,
    WRITES,
    Action,
    Rule,
    all_names,
    api_domain,
    matches,
    readers,
    rules_of,
)
from config.access_keys import key_users
from tests.template.iam.evaluation import Decision, Request, Statement, decide
from tests.template.iam.probes import (
    KEY_ADMINISTRATION,
    KEY_CALLS,
    KEY_REPAIR,
    KEY_USES,
    KMS_KEY,
    PROBES,
    TAG_KEYS,
    UNKNOWN,
    names,
    of_others,
)
from tests.template.iam.world import Key, Principal, Secret, World, arn_of

_TLS = "aws:SecureTransport"
FOREIGN = "000000000001"
"""Another account."""

ELSEWHERE = "us-east-2"
"""A region in which nothing is."""

_CALLERS = (
    ("secretsmanager.{}.amazonaws.com", "{}"),
    ("secretsmanager.{}.amazonaws.com", FOREIGN),
    ("secretsmanager.{}.amazonaws.com", ""),
    (f"secretsmanager.{ELSEWHERE}.amazonaws.com", "{}"),
    ("s3.{}.amazonaws.com", "{}"),
    ("", "{}"),
)
"""Through what, and from which account, a key is used; only the first is right."""


@dataclass(frozen=True)
class Question:
    """A request and what a layer must say of it."""

    request: Request
    wanted: Decision


def wrong(statements: Iterable[Statement], questions: Iterable[Question]) -> Iterator[str]:
    """Yield a line for each question that *statements* answer otherwise than the matrix."""
    kept = list(statements)
    for question in questions:
        decision = decide(kept, question.request)
        if decision is not question.wanted:
            yield f"{question.request} is to be {question.wanted.value}, not {decision.value}"


def duty_of(world: World, principal: Principal) -> str:
    """Return the duty of a role or user; its name where it is none of the environment's."""
    return principal.name.removeprefix(f"alees-{world.environment.slug}-")


def own_policies(world: World, principal: Principal) -> list[Question]:
    """Return what a role or user may do to secrets by its own policies, whatever secrets and keys say."""
    rules = rules_of(world.environment, duty_of(world, principal))
    alias, found = naming.key_alias(world.environment.slug, "api"), []
    shown: tuple[dict[str, Any], ...] = ({}, {KMS_KEY: alias, TAG_KEYS: [OPERATION_TAGS[0]]})
    for name in names(world):
        for probe in PROBES:
            resource = "*" if probe.action in UNSCOPED else arn_of(world, name)
            allowed = any(
                probe.action in rule.actions and (probe.action in UNSCOPED or _about(rule.names, name))
                for rule in rules
            )
            # A statement about tags, or about the key of a new secret, must allow nothing else that shows some.
            for more in shown if probe.call != "TagResource" else ({},):
                keys = {_TLS: "true", **more, **probe.carried(world)}
                found.append(_question(Request(probe.iam_action, resource, principal.arn, keys), allowed=allowed))
        found += _new(world, principal, rules, name)
        keys = {_TLS: "true", **shown[1]}
        found.append(_question(Request(UNKNOWN, arn_of(world, name), principal.arn, keys), allowed=False))
        for key in other_keys(world):
            request = Request("secretsmanager:CreateSecret", arn_of(world, name), principal.arn, {_TLS: "true", **key})
            found.append(_question(request, allowed=False))
    scoped = [probe for probe in PROBES if probe.action not in UNSCOPED]
    for name in (*world.secrets, *of_others(world.environment)):
        for arn, probe in product(_elsewhere(arn_of(world, name)), scoped):
            request = Request(probe.iam_action, arn, principal.arn, {_TLS: "true", **probe.carried(world)})
            found.append(_question(request, allowed=False))
    return found


def _new(world: World, principal: Principal, rules: Sequence[Rule], name: str) -> Iterator[Question]:
    """Yield who may make a secret of that name, if AWS asks about its name alone.

    One that itself ends in a hyphen and six characters then passes for an ARN; its key refuses it.
    """
    if name.endswith("-of-old"):
        return
    keys = {_TLS: "true", KMS_KEY: naming.key_alias(world.environment.slug, "api")}
    makes = any(Action.CREATE in rule.actions and _about(rule.names, name) for rule in rules)
    for number, arn in enumerate((arn_of(world, name), *_elsewhere(arn_of(world, name)))):
        request = Request("secretsmanager:CreateSecret", arn.rpartition("-")[0], principal.arn, keys)
        yield _question(request, allowed=makes and number == 0)


def _elsewhere(arn: str) -> list[str]:
    """Return ARNs of the same in another region, and in another account."""
    parts = arn.split(":")
    return [":".join([*parts[:3], ELSEWHERE, *parts[4:]]), ":".join([*parts[:4], FOREIGN, *parts[5:]])]


def other_keys(world: World) -> list[dict[str, str]]:
    """Return how a request to make a secret names keys under which nobody may make one: it would be everybody's."""
    other = "dev" if world.environment.slug != "dev" else "prod"
    return [{}, {KMS_KEY: "alias/aws/secretsmanager"}, {KMS_KEY: f"alias/alees/{other}/api"}]


NAMES_KEYS = "ListAliases"
"""Returns the aliases of all keys, and nothing else."""


def own_use_of_keys(world: World, principal: Principal) -> list[Question]:
    """Return what a role or user may do with keys by its own policies."""
    found, own = [], rules_of(world.environment, duty_of(world, principal))
    # For all of the account at once: the call knows no resources.
    names_keys = duty_of(world, principal) in {"access-watch", "alerting"}
    for key in world.keys.values():
        rules = [rule for rule in own if _encrypted_with(world, key, rule)]
        aliases = {"kms:ResourceAliases": key.aliases}
        for call, name, number, context in _ways(world, world.environment.region):
            request = Request(f"kms:{call}", key.arn, principal.arn, {**context, **aliases})
            lists = names_keys and call == NAMES_KEYS
            found.append(_question(request, allowed=lists or _may_use(rules, name, call, through=number == 0)))
            if number == 0:  # keys of others, keys without an alias, and what is no key
                others = (*_elsewhere(key.arn), key.arn.replace(":key/", ":alias/"))
                keys = [*((arn, aliases) for arn in others), (f"{key.arn}-2", {})]
                requests = (Request(f"kms:{call}", arn, principal.arn, {**context, **each}) for arn, each in keys)
                found += [_question(each, allowed=lists) for each in requests]
    return found


def _ways(world: World, region: str) -> Iterator[tuple[str, str, int, dict[str, str | list[str]]]]:
    """Yield calls about keys with a secret, and the number of a context in which they come; only 0 is right."""
    for name in names(world):
        for number, context in enumerate(_contexts(world, name, region)):
            yield from ((call, name, number, context) for call in KEY_USES)
        right = next(_contexts(world, name, region))
        yield from ((call, name, 0, right) for call in KEY_CALLS if call not in KEY_USES)


def secret_policy(world: World, name: str, secret: Secret) -> list[Question]:
    """Return what a secret's policy must deny to callers whom their own policies allow everything. It allows nothing.

    It denies nothing but values: whatever it says, it can be read and mended.
    """
    named, found = readers(world.environment, name), []
    for arn, duty in _everybody(world):
        for probe in PROBES:
            for tls in ({_TLS: "true"}, {_TLS: "false"}, {}):
                denied = (probe.call == "GetSecretValue" and duty not in named) or (
                    probe.call in {"GetSecretValue", "PutSecretValue"} and tls == {_TLS: "false"}
                )
                request = Request(probe.iam_action, secret.arn, arn, {**tls, **probe.carried(world)})
                found.append(Question(request, Decision.DENY if denied else Decision.SILENT))
    return found


def key_policy(world: World, key: Key) -> list[Question]:
    """Return whom a key's policy must let use it, and administer it."""
    encrypted = tuple(name for name, secret in world.secrets.items() if secret.key == key.arn)
    return _admitted(world, key, encrypted, ("Decrypt", "GenerateDataKey"), world.environment.region)


def recovery_key_policy(world: World, key: Key) -> list[Question]:
    """Return the same for the key of the replicas, in the recovery region: of every secret of the environment."""
    calls = ("Decrypt", "Encrypt", "GenerateDataKey")
    return _admitted(world, key, all_names(world.environment), calls, world.environment.recovery_region)


def _admitted(
    world: World, key: Key, encrypted: tuple[str, ...], calls: tuple[str, ...], region: str
) -> list[Question]:
    users = (*key_users(world.environment, encrypted), "deployer")
    prefix = f"alees/{world.environment.slug}/"
    patterns = encrypted if region == world.environment.region else (f"{prefix}*",)
    deployer = f"arn:aws:iam::{world.account}:role/cdk-x-cfn-exec-role-{world.account}-{world.environment.region}"
    outsider = f"arn:aws:iam::{FOREIGN}:role/alees/{world.environment.slug}/alees-{world.environment.slug}-application"
    found = []
    for arn, duty in [*_everybody(world), (deployer, "deployer"), (outsider, "outsider"), ("", "anonymous")]:
        for call, name, number, context in _ways(world, region):
            used = number == 0 and _about(patterns, name) and duty in users and call in calls
            administered = call in KEY_ADMINISTRATION and duty not in {"outsider", "anonymous"}
            found.append(_question(Request(f"kms:{call}", key.arn, arn, context), allowed=used or administered))
    return found


def _question(request: Request, *, allowed: bool) -> Question:
    return Question(request, Decision.ALLOW if allowed else Decision.SILENT)


def _about(patterns: Iterable[str], name: str) -> bool:
    """Tell whether policies with *patterns* are about *name*; one pattern stands for all API keys."""
    return any(matches(_widened(each), name) for each in patterns)


def _widened(name: str) -> str:
    parts = name.split("/")
    return "/".join([*parts[:3], "*", "key"]) if parts[2:3] == ["api"] else name


def _contexts(world: World, name: str, region: str) -> Iterator[dict[str, str | list[str]]]:
    """Yield the right context of a use of a key in *region* for a secret, and then wrong ones."""
    secret = arn_of(world, name).replace(f":{world.environment.region}:", f":{region}:")
    for via, account in _CALLERS:
        yield {
            "kms:EncryptionContext:SecretARN": secret,
            **({"kms:CallerAccount": account.format(world.account)} if account else {}),
            **({"kms:ViaService": via.format(region)} if via else {}),
        }
    right: dict[str, str | list[str]] = {
        "kms:CallerAccount": world.account,
        "kms:ViaService": f"secretsmanager.{region}.amazonaws.com",
    }
    yield right
    yield from ({**right, "kms:EncryptionContext:SecretARN": arn} for arn in _elsewhere(secret))


def _may_use(rules: Sequence[Rule], name: str, call: str, *, through: bool) -> bool:
    if call in KEY_REPAIR:
        return any(Action.WRITE_POLICY in rule.actions for rule in rules)
    needing = {"Decrypt": VALUES | WRITES, "GenerateDataKey": WRITES}.get(call, frozenset())
    return through and any(rule.actions & needing for rule in rules if _about(rule.names, name))


def _encrypted_with(world: World, key: Key, rule: Rule) -> bool:
    """Tell whether a key is that of the domain of any of the names in a rule."""
    prefix = f"alees/{world.environment.slug}/"
    paths = [each.removeprefix(prefix) for each in rule.names if each.startswith(prefix)]
    if not key.aliases[0].startswith(f"alias/{prefix}"):
        return False
    domain = key.aliases[0].removeprefix(f"alias/{prefix}")
    return any(path == "*" or domain in _domains(world, path, rule) for path in paths)


def _domains(world: World, path: str, rule: Rule) -> set[str]:
    if not path.startswith("api/"):
        return {path.split("/", maxsplit=1)[0]}
    prefix = f"alees/{world.environment.slug}/"
    return {api_domain(each.shard) for each in world.environment.api_services if rule.is_about(prefix + each.path)}


def _everybody(world: World) -> list[tuple[str, str]]:
    """Return ARNs of everybody with their duties, and of strangers, some of whom look like them."""
    slug, account = world.environment.slug, f"arn:aws:iam::{world.account}"
    strangers = (
        f"{account}:role/somebody",
        f"{account}:role/alees/other/alees-other-application",
        f"{account}:role/alees-{slug}-application",
        f"{account}:root",
    )
    known = [(each.arn, duty_of(world, each)) for each in world.principals.values()]
    return [*known, *((arn, "stranger") for arn in strangers)]
