"""What each layer alone must say, by the access matrix, so that a weakness in one is not hidden by another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.access import (
    UNSCOPED,
    VALUES,
    WRITES,
    Action,
    Rule,
    api_domain,
    key_users,
    matches,
    readers,
    rules_of,
)
from tests.template.iam.evaluation import Decision, Request, Statement, decide
from tests.template.iam.probes import ESCALATIONS, KEY_CALLS, KMS_KEY, PROBES, names
from tests.template.iam.world import Key, Principal, Secret, World, arn_of

_TLS = "aws:SecureTransport"
FOREIGN = "000000000001"
"""Another account."""

_CALLERS = (
    ("secretsmanager.{}.amazonaws.com", "{}"),
    ("secretsmanager.{}.amazonaws.com", FOREIGN),
    ("secretsmanager.us-east-2.amazonaws.com", "{}"),
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
    found = []
    for name in names(world):
        for probe in PROBES:
            resource = "*" if probe.action in UNSCOPED else arn_of(world, name)
            allowed = any(
                probe.action in rule.actions and (probe.action in UNSCOPED or _about(rule.names, name))
                for rule in rules
            )
            keys = {_TLS: "true", **probe.carried(world)}
            found.append(_question(Request(probe.iam_action, resource, principal.arn, keys), allowed=allowed))
        for key in other_keys(world):
            request = Request("secretsmanager:CreateSecret", arn_of(world, name), principal.arn, {_TLS: "true", **key})
            found.append(_question(request, allowed=False))
    return found


def other_keys(world: World) -> list[dict[str, str]]:
    """Return how a request to make a secret names keys under which nobody may make one: it would be everybody's."""
    other = "dev" if world.environment.slug != "dev" else "prod"
    return [{}, {KMS_KEY: "alias/aws/secretsmanager"}, {KMS_KEY: f"alias/alees/{other}/api"}]


def own_use_of_keys(world: World, principal: Principal) -> list[Question]:
    """Return what a role or user may do with keys by its own policies."""
    found = []
    for key in world.keys.values():
        foreign = Key(key.arn.replace(world.account, FOREIGN), key.aliases, [])
        for name in names(world):
            for number, context in enumerate(_contexts(world, name)):
                keys = {**context, "kms:ResourceAliases": key.aliases}
                for call in KEY_CALLS:
                    allowed = _may_use(world, duty_of(world, principal), key, name, call, through=number == 0)
                    found.append(_question(Request(f"kms:{call}", key.arn, principal.arn, keys), allowed=allowed))
                    found.append(_question(Request(f"kms:{call}", foreign.arn, principal.arn, keys), allowed=False))
    return found


def secret_policy(world: World, name: str, secret: Secret) -> list[Question]:
    """Return what a secret's policy must deny to callers whom their own policies allow everything. It allows nothing.

    It denies nothing but values: whatever it says, it can be read and mended.
    """
    named, found = readers(world.environment, name), []
    for arn, duty in _everybody(world):
        for probe in PROBES:
            for tls in ("true", "false"):
                denied = (probe.call == "GetSecretValue" and duty not in named) or (
                    probe.call in {"GetSecretValue", "PutSecretValue"} and tls == "false"
                )
                request = Request(probe.iam_action, secret.arn, arn, {_TLS: tls, **probe.carried(world)})
                found.append(Question(request, Decision.DENY if denied else Decision.SILENT))
    return found


def key_policy(world: World, key: Key) -> list[Question]:
    """Return whom a key's policy must let use it, and administer it."""
    encrypted = tuple(name for name, secret in world.secrets.items() if secret.key == key.arn)
    users = (*key_users(world.environment, encrypted), "deployer")
    deployer = f"arn:aws:iam::{world.account}:role/cdk-x-cfn-exec-role-{world.account}-{world.environment.region}"
    outsider = f"arn:aws:iam::{FOREIGN}:role/alees/{world.environment.slug}/alees-{world.environment.slug}-application"
    found = []
    for arn, duty in [*_everybody(world), (deployer, "deployer"), (outsider, "outsider")]:
        for name in names(world):
            for number, context in enumerate(_contexts(world, name)):
                for call in KEY_CALLS:
                    right = number == 0 and _about(encrypted, name) and duty in users
                    used = right and call in {"Decrypt", "GenerateDataKey"}
                    administered = call in {"PutKeyPolicy", "DisableKey"} and duty != "outsider"
                    request = Request(f"kms:{call}", key.arn, arn, context)
                    found.append(_question(request, allowed=used or administered))
    return found


def escalation(world: World, principal: Principal) -> list[Question]:
    """Return the ways by which a role could get more rights than it has: none, but for what deploys."""
    region = world.environment.region
    bootstrap = f"arn:aws:iam::{world.account}:role/cdk-x-deploy-role-{world.account}-{region}"
    targets = [
        *(each.arn for each in world.principals.values()),
        bootstrap,
        bootstrap.replace(world.account, FOREIGN),
        f"arn:aws:cloudformation:{region}:{world.account}:stack/AleesSecretsProd/1",
        f"arn:aws:lambda:{region}:{world.account}:function:AleesSecretsProd-1",
        "*",
    ]
    slug = world.environment.slug
    smtp = f"arn:aws:iam::{world.account}:user/alees/{slug}/alees-{slug}-smtp"
    wanted = {
        ("sts:AssumeRole", bootstrap, "alees-ci-deploy"),
        # The keys of the user that sends mail are the function's to make: it may send mail, and nothing else.
        *({("iam:CreateAccessKey", smtp, f"alees-{slug}-email-rotation")} if smtp in targets else set()),
    }
    return [
        _question(Request(action, target, principal.arn), allowed=(action, target, principal.name) in wanted)
        for action in ESCALATIONS
        for target in targets
    ]


def _question(request: Request, *, allowed: bool) -> Question:
    return Question(request, Decision.ALLOW if allowed else Decision.SILENT)


def _about(patterns: Iterable[str], name: str) -> bool:
    """Tell whether policies with *patterns* are about *name*; one pattern stands for all API keys."""
    return any(matches(_widened(each), name) for each in patterns)


def _widened(name: str) -> str:
    parts = name.split("/")
    return "/".join([*parts[:3], "*", "key"]) if parts[2:3] == ["api"] else name


def _contexts(world: World, name: str) -> Iterator[dict[str, str | list[str]]]:
    for via, account in _CALLERS:
        yield {
            "kms:CallerAccount": account.format(world.account),
            "kms:EncryptionContext:SecretARN": arn_of(world, name),
            **({"kms:ViaService": via.format(world.environment.region)} if via else {}),
        }


def _may_use(world: World, duty: str, key: Key, name: str, call: str, *, through: bool) -> bool:
    rules = [rule for rule in rules_of(world.environment, duty) if _encrypted_with(world, key, rule)]
    if call == "PutKeyPolicy":
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
