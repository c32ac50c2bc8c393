"""What a rule of the access matrix lets its duty call in Secrets Manager.

Actions and condition keys:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from alees_secrets import naming
from alees_secrets.naming import OPERATION_TAGS
from config.access import IN_USE, UNSCOPED, VALUES, Action, Rule
from config.access_keys import key_domains
from config.environment import Environment
from constructs_lib.errors import AccessError

CALLS: Mapping[Action, tuple[str, ...]] = {
    Action.READ_BATCH: ("BatchGetSecretValue",),
    Action.DESCRIBE: ("DescribeSecret",),
    Action.LIST_VERSIONS: ("ListSecretVersionIds",),
    Action.LIST: ("ListSecrets",),
    Action.PUT: ("PutSecretValue",),
    Action.RECONFIGURE: (
        "CancelRotateSecret",
        "RemoveRegionsFromReplication",
        "ReplicateSecretToRegions",
        "RotateSecret",
        "StopReplicationToReplica",
        "UpdateSecret",
    ),
    Action.MOVE_LABELS: ("UpdateSecretVersionStage",),
    Action.TAG: ("TagResource", "UntagResource"),
    Action.DELETE: ("DeleteSecret", "RestoreSecret"),
    Action.READ_POLICY: ("GetResourcePolicy", "ValidateResourcePolicy"),
    Action.WRITE_POLICY: ("DeleteResourcePolicy", "PutResourcePolicy"),
}
"""Calls of what needs no condition."""

_END = "-??????"
"""How Secrets Manager ends the ARN of a secret."""

_Conditions: TypeAlias = Mapping[str, Mapping[str, object]]

STAGES_IN_USE: _Conditions = {
    "StringEqualsIfExists": {"secretsmanager:VersionStage": ["AWSCURRENT", "AWSPREVIOUS"]},
    "Null": {"secretsmanager:VersionId": "true"},
}
"""One of the two stages or none, which means AWSCURRENT, and no version id: a request by id carries no stage."""

AS_CONFIGURED: _Conditions = {
    "Null": {"secretsmanager:RotationLambdaARN": "true"},
    "BoolIfExists": {"secretsmanager:ModifyRotationRules": "false"},
}
"""With the function and the schedule that a secret has: another function would be handed the value."""

OF_OPERATIONS: _Conditions = {
    "ForAllValues:StringEquals": {"aws:TagKeys": list(OPERATION_TAGS)},
    "Null": {"aws:TagKeys": "false"},
}
"""With the tags that tell of the last change by hand, and no other. Of no tags at all, ForAllValues would be true
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
"""


def secret_statements(stack: Stack, environment: Environment, rule: Rule) -> Iterator[iam.PolicyStatement]:
    """Yield the statements of *rule*, of *environment*, for the policy of a role or user, in the region of *stack*.

    Raises:
        AccessError: The rule allows some values by a combination that no condition can express.
    """
    arns = [secret_pattern(stack, name) for name in shortened(rule.names)]
    read = rule.actions & VALUES
    if read:
        yield _allow(["GetSecretValue"], arns, _stages(rule, read))
    plain = rule.actions - VALUES - UNSCOPED - {Action.CREATE, Action.ROTATE, Action.RECORD}
    if plain:
        yield _allow(_calls(plain), arns)
    if Action.CREATE in rule.actions:
        # It is not documented whether the ARN of a secret that does not exist yet ends so too.
        named = [arn.removesuffix(_END) for arn in arns]
        yield _allow(["CreateSecret"], [*arns, *named], _under_keys(environment, rule))
    if Action.RECORD in rule.actions and Action.TAG not in rule.actions:
        yield _allow(["TagResource"], arns, OF_OPERATIONS)
    if Action.ROTATE in rule.actions and Action.RECONFIGURE not in rule.actions:
        yield _allow(["RotateSecret"], arns, AS_CONFIGURED)
    if rule.actions & UNSCOPED:
        yield _allow(_calls(rule.actions & UNSCOPED), ["*"])


def secret_pattern(stack: Stack, name: str) -> str:
    """Return a pattern for the ARNs of secrets with a name, or names, in the region of *stack*.

    Secrets Manager ends ARNs in a hyphen and six random characters
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html).
    """
    return f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret:{name}{_END}"


def shortened(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return *names* with one pattern for all API keys of an environment: 100 ARNs would not fit into a policy.

    The pattern takes in API keys of other shards, whose values their keys and their own policies keep.
    """
    return tuple(dict.fromkeys(_shortened(name) for name in names))


def _shortened(name: str) -> str:
    parts = name.split("/")
    is_api_key = len(parts) == len(("alees", "prod", "api", "service", "key")) and parts[2::2] == ["api", "key"]
    return "/".join((*parts[:3], "*", "key")) if is_api_key else name


def _under_keys(environment: Environment, rule: Rule) -> _Conditions:
    """Return the condition that a secret is made under the key of its domain: nothing else keeps it (docs/adr/0017)."""
    aliases = [naming.key_alias(environment.slug, domain) for domain in key_domains(environment, rule)]
    return {"StringLike": {"secretsmanager:KmsKeyId": aliases}}


def _stages(rule: Rule, read: frozenset[Action]) -> _Conditions | None:
    if read not in {IN_USE, VALUES}:
        raise AccessError(
            f"{rule.duty} is to {', '.join(sorted(read))}; allowed is current and previous together, or every value"
        )
    return STAGES_IN_USE if read == IN_USE else None


def _calls(actions: frozenset[Action]) -> list[str]:
    return sorted(call for action in actions for call in CALLS[action])


def _allow(calls: list[str], arns: list[str], conditions: _Conditions | None = None) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=[f"secretsmanager:{call}" for call in calls], resources=arns, conditions=conditions
    )
