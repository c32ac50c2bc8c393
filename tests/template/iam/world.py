"""The principals, secrets and keys of one environment, as its synthesized templates make them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.access import API_KEYS, matches
from config.environment import Environment
from tests.template.iam.evaluation import Decision, Request, Statement, decide
from tests.template.reading import Template, plain, resources


@dataclass
class Principal:
    """A role or user.

    Attributes:
        arn: Its ARN, path included.
        trust: Who may become it; none for a user.
        own: The statements of its policies.
        boundary: The statements of its permissions boundary.
        boundary_name: The boundary's name.
    """

    arn: str
    trust: list[Statement] = field(default_factory=list)
    own: list[Statement] = field(default_factory=list)
    boundary: list[Statement] = field(default_factory=list)
    boundary_name: str = ""

    @property
    def name(self) -> str:
        """Return the name without path, such as ``alees-prod-application``."""
        return self.arn.rpartition("/")[2]


@dataclass
class Secret:
    """A secret."""

    arn: str
    key: str
    policy: list[Statement]


@dataclass
class Key:
    """A key and its aliases."""

    arn: str
    aliases: list[str]
    policy: list[Statement]


@dataclass
class World:
    """All that decides about one environment's secrets; statements may be changed in place."""

    environment: Environment
    account: str
    principals: dict[str, Principal] = field(default_factory=dict)
    boundaries: dict[str, list[Statement]] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    recovery_key: Key | None = None
    functions: list[str] = field(default_factory=list)
    log_groups: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    @property
    def via(self) -> str:
        """Return the service through which keys are used."""
        return f"secretsmanager.{self.environment.region}.amazonaws.com"

    def own_allows(self, principal: Principal, action: str, resource: str, keys: Mapping[str, Any]) -> bool:
        """Tell whether a principal's own policies allow a call, within its boundary."""
        request = Request(action, resource, principal.arn, keys)
        return all(decide(each, request) is Decision.ALLOW for each in (principal.own, principal.boundary))

    def may(self, principal: Principal, action: str, name: str, keys: Mapping[str, Any]) -> bool:
        """Tell whether a call about a secret is allowed: by the caller, by the secret, and by its key."""
        secret, tls = self.secret(name), {"aws:SecureTransport": "true", **keys}
        arn = secret.arn if secret else arn_of(self, name)
        if not self.own_allows(principal, action, arn, tls):
            return False
        if secret is None:
            return True
        if decide(secret.policy, Request(action, arn, principal.arn, tls)) is Decision.DENY:
            return False
        return all(self.key_admits(principal, secret, each) for each in NEEDED.get(action.partition(":")[2], ()))

    def secret(self, name: str) -> Secret | None:
        """Return a secret that is declared, or an API key that the client made: under the key of the first shard, and
        without a policy of its own (docs/adr/0017). None for others, of which nothing is known.
        """
        made = matches(f"alees/{self.environment.slug}/{API_KEYS}", name)
        alias = f"alias/alees/{self.environment.slug}/api"
        key = next((key.arn for key in self.keys.values() if made and alias in key.aliases), None)
        return self.secrets.get(name) or (Secret(arn_of(self, name), key, []) if key else None)

    def key_admits(self, principal: Principal, secret: Secret, action: str) -> bool:
        """Tell whether a principal may use a secret's key through Secrets Manager."""
        key = self.keys[secret.key]
        context: dict[str, str | list[str]] = {
            "kms:ViaService": self.via,
            "kms:CallerAccount": self.account,
            "kms:EncryptionContext:SecretARN": secret.arn,
            "kms:ResourceAliases": key.aliases,
        }
        request = Request(action, key.arn, principal.arn, context)
        return decide(key.policy, request) is Decision.ALLOW and self.own_allows(principal, action, key.arn, context)


NEEDED = {
    "GetSecretValue": ("kms:Decrypt",),
    "PutSecretValue": ("kms:GenerateDataKey", "kms:Decrypt"),
    "CreateSecret": ("kms:GenerateDataKey", "kms:Decrypt"),
}
"""What Secrets Manager does with the key for the caller
(https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html)."""


def arn_of(world: World, name: str) -> str:
    """Return the ARN that a secret of that name might have."""
    return f"arn:aws:secretsmanager:{world.environment.region}:{world.account}:secret:{name}-AbC123"


def build_world(environment: Environment, templates: Mapping[str, Template]) -> World:
    """Return the world of *environment* in its account and first region, and the key in the second."""
    world = World(environment, environment.account.id or "999999999999")
    stacks = [environment.account.stack_id, environment.stack_name]
    stacks += [f"{environment.stack_name}Api{shard:02}" for shard in environment.shards]
    for stack in stacks:
        _add(world, stack, templates[stack])
    second = environment.recovery_region
    there = replace(environment.account, home_region=second)
    recovery = World(replace(environment, region=second, recovery_region="xx-none-1", account=there), world.account)
    _add(recovery, f"{environment.stack_name}Recovery", templates[f"{environment.stack_name}Recovery"])
    (world.recovery_key,) = recovery.keys.values()
    return world


def _add(world: World, stack: str, template: Template) -> None:
    known = dict(_references(world, stack, template))
    of = {kind: [known[f"<{name}.Arn>"] for name in resources(template, kind)] for kind in (_FUNCTION, _LOG_GROUP)}
    world.functions += of[_FUNCTION]
    world.log_groups += of[_LOG_GROUP]
    world.topics += [known[f"<{name}>"] for name in resources(template, "AWS::SNS::Topic")]
    world.tables += [known[f"<{name}.Arn>"] for name in resources(template, "AWS::DynamoDB::Table")]

    def read(value: Any) -> Any:
        return _resolved(plain(value), known)

    for each in resources(template, "AWS::IAM::ManagedPolicy").values():
        properties = each["Properties"]
        world.boundaries[properties["ManagedPolicyName"]] = read(properties["PolicyDocument"]["Statement"])
    for sort in ("Role", "User"):
        for name, each in resources(template, f"AWS::IAM::{sort}").items():
            properties = each["Properties"]
            principal = Principal(known[f"<{name}.Arn>"])
            principal.trust = read(properties.get("AssumeRolePolicyDocument", {}).get("Statement", []))
            principal.own = [
                read(statement)
                for policy in resources(template, "AWS::IAM::Policy").values()
                if _holders(policy) & {name, *(group["Ref"] for group in properties.get("Groups", []))}
                for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            ]
            principal.boundary_name = read(properties["PermissionsBoundary"]).rpartition("/")[2]
            principal.boundary = world.boundaries[principal.boundary_name]
            world.principals[principal.name] = principal
    for name, each in resources(template, "AWS::KMS::Key").items():
        aliases = [
            alias["Properties"]["AliasName"]
            for alias in resources(template, "AWS::KMS::Alias").values()
            if alias["Properties"]["TargetKeyId"] == {"Fn::GetAtt": [name, "Arn"]}
        ]
        arn = known[f"<{name}.Arn>"]
        world.keys[arn] = Key(arn, aliases, read(each["Properties"]["KeyPolicy"]["Statement"]))
    for name, each in resources(template, "AWS::SecretsManager::Secret").items():
        properties = each["Properties"]
        (policy,) = (
            policy["Properties"]
            for policy in resources(template, "AWS::SecretsManager::ResourcePolicy").values()
            if policy["Properties"]["SecretId"] == {"Ref": name}
        )
        statements = read(policy["ResourcePolicy"]["Statement"])
        world.secrets[properties["Name"]] = Secret(known[f"<{name}>"], read(properties["KmsKeyId"]), statements)


def _holders(policy: dict[str, Any]) -> set[str]:
    properties = policy["Properties"]
    return {each["Ref"] for sort in ("Roles", "Users", "Groups") for each in properties.get(sort, [])}


_FUNCTION, _LOG_GROUP = "AWS::Lambda::Function", "AWS::Logs::LogGroup"


def _references(world: World, stack: str, template: Template) -> Iterator[tuple[str, str]]:
    """Yield what references become when the template is deployed."""
    yield "<AWS::AccountId>", world.account
    yield "<AWS::Region>", world.environment.region
    place = f"{world.environment.region}:{world.account}"
    for name, each in template["Resources"].items():
        properties = each.get("Properties", {})
        match each["Type"]:
            case "AWS::SecretsManager::Secret":
                yield f"<{name}>", arn_of(world, properties["Name"])
            case "AWS::KMS::Key":
                yield f"<{name}.Arn>", f"arn:aws:kms:{place}:key/{name}"
            case "AWS::IAM::Role" | "AWS::IAM::User" as sort:
                kind = sort.rpartition("::")[2].lower()
                path = f"{properties.get('Path', '/')}{properties.get(f'{kind.capitalize()}Name', name)}"
                yield f"<{name}.Arn>", f"arn:aws:iam::{world.account}:{kind}{path}"
            case "AWS::IAM::ManagedPolicy":
                path = f"{properties['Path']}{properties['ManagedPolicyName']}"
                yield f"<{name}>", f"arn:aws:iam::{world.account}:policy{path}"
            case "AWS::IAM::OIDCProvider":
                arn = f"arn:aws:iam::{world.account}:oidc-provider/{properties['Url'].removeprefix('https://')}"
                yield from ((f"<{name}>", arn), (f"<{name}.Arn>", arn))
            case "AWS::Logs::LogGroup":
                yield f"<{name}.Arn>", f"arn:aws:logs:{place}:log-group:{stack}-{name}:*"
            case "AWS::SNS::Topic" | "AWS::DynamoDB::Table" as sort:
                topic = f"arn:aws:sns:{place}:{properties.get('TopicName', f'{stack}-{name}')}"
                table = f"arn:aws:dynamodb:{place}:table/{stack}-{name}"
                yield (f"<{name}>", topic) if sort == "AWS::SNS::Topic" else (f"<{name}.Arn>", table)
            case "AWS::Lambda::Function":
                yield (
                    f"<{name}.Arn>",
                    f"arn:aws:lambda:{place}:function:{properties.get('FunctionName', f'{stack}-{name}')}",
                )
            case _:
                pass


def _resolved(value: Any, known: Mapping[str, str]) -> Any:
    match value:
        case str():
            for reference, text in known.items():
                value = value.replace(reference, text)
            return value
        case list():
            return [_resolved(each, known) for each in value]
        case dict():
            return {key: _resolved(each, known) for key, each in value.items()}
        case _:
            return value
