"""What a rule of the access matrix lets its duty do with the keys of its secrets: through Secrets Manager alone."""

from collections.abc import Iterator, Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from alees_secrets import naming
from config.access import VALUES, WRITES, Action, Rule
from config.access_keys import key_domains, keys_of_others
from config.environment import Environment
from constructs_lib.access.secret_statements import secret_pattern, shortened

KEY_REPAIR = (
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:PutKeyPolicy",
)
"""What mends a key. Whoever may write a secret's policy may do it too: one without the other repairs nothing."""


def key_statements(
    stack: Stack, environment: Environment, rule: Rule, key_arns: Mapping[str, str]
) -> Iterator[iam.PolicyStatement]:
    """Yield the statements about keys that *rule* needs.

    Args:
        stack: Where the role or user is.
        environment: Whose secrets they are.
        rule: The rule.
        key_arns: ARNs of keys by domain, as far as they are known in *stack*. The others are found by their aliases.
    """
    domains, conditions = key_domains(environment, rule), via_secrets_manager(stack, rule.names)
    others = keys_of_others(environment, rule)
    if others:
        yield iam.PolicyStatement(actions=["kms:Decrypt"], resources=list(others), conditions=conditions)
    if domains and rule.actions & (VALUES | WRITES):
        actions = ["kms:Decrypt", "kms:GenerateDataKey"] if rule.actions & WRITES else ["kms:Decrypt"]
        yield from _on_keys(stack, environment, domains, key_arns, actions, conditions)
    if domains and Action.WRITE_POLICY in rule.actions:
        yield from _on_keys(stack, environment, domains, key_arns, list(KEY_REPAIR), {})


def via_secrets_manager(stack: Stack, names: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """Return the conditions under which a key is used for secrets of certain names, and for nothing else.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    return {
        "StringEquals": {
            "kms:CallerAccount": stack.account,
            "kms:ViaService": f"secretsmanager.{stack.region}.amazonaws.com",
        },
        "StringLike": {"kms:EncryptionContext:SecretARN": [secret_pattern(stack, name) for name in shortened(names)]},
    }


def _on_keys(
    stack: Stack,
    environment: Environment,
    domains: tuple[str, ...],
    key_arns: Mapping[str, str],
    actions: list[str],
    conditions: dict[str, dict[str, object]],
) -> Iterator[iam.PolicyStatement]:
    known = [key_arns[domain] for domain in domains if domain in key_arns]
    aliases = [naming.key_alias(environment.slug, domain) for domain in domains if domain not in key_arns]
    if known:
        yield iam.PolicyStatement(actions=actions, resources=known, conditions=conditions)
    if aliases:  # https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
        yield iam.PolicyStatement(
            actions=actions,
            resources=[f"arn:{stack.partition}:kms:{stack.region}:{stack.account}:key/*"],
            conditions={**conditions, "ForAnyValue:StringLike": {"kms:ResourceAliases": aliases}},
        )
