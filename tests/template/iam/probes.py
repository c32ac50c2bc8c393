"""The calls by which each action of the access matrix is tried, and names of secrets to try them on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alees_secrets.naming import OPERATION_TAGS
from config.access import Action, rules
from config.environment import Environment
from tests.template.iam.world import World

STAGE, VERSION = "secretsmanager:VersionStage", "secretsmanager:VersionId"
KMS_KEY, TAG_KEYS = "secretsmanager:KmsKeyId", "aws:TagKeys"
_ID = "11111111-2222-3333-4444-555555555555"


@dataclass(frozen=True)
class Probe:
    """One way to do an action.

    Attributes:
        action: What it is in the matrix.
        call: The operation of Secrets Manager.
        keys: Condition keys that the request carries; in that of a KMS key, ``{}`` is the environment.
    """

    action: Action
    call: str
    keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def iam_action(self) -> str:
        """Return the action in policies."""
        return f"secretsmanager:{self.call}"

    def carried(self, world: World) -> dict[str, Any]:
        """Return the condition keys that the request carries in *world*."""
        return {**self.keys, **{key: self.keys[key].format(world.environment.slug) for key in {KMS_KEY} & {*self.keys}}}


def _read(action: Action, **keys: str) -> Probe:
    names = {"stage": STAGE, "version": VERSION}
    return Probe(action, "GetSecretValue", {names[key]: value for key, value in keys.items()})


def _each(action: Action, *calls: str) -> tuple[Probe, ...]:
    return tuple(Probe(action, call) for call in calls)


PROBES = (
    _read(Action.READ_CURRENT),
    _read(Action.READ_CURRENT, stage="AWSCURRENT"),
    _read(Action.READ_PREVIOUS, stage="AWSPREVIOUS"),
    _read(Action.READ_PENDING, stage="AWSPENDING"),
    _read(Action.READ_PENDING, stage="alees-revoked"),
    _read(Action.READ_VERSION, version=_ID),
    _read(Action.READ_VERSION, version=_ID, stage="AWSCURRENT"),
    Probe(Action.READ_BATCH, "BatchGetSecretValue"),
    Probe(Action.DESCRIBE, "DescribeSecret"),
    Probe(Action.LIST_VERSIONS, "ListSecretVersionIds"),
    Probe(Action.LIST, "ListSecrets"),
    Probe(Action.CREATE, "CreateSecret", {KMS_KEY: "alias/alees/{}/api"}),
    Probe(Action.PUT, "PutSecretValue"),
    Probe(Action.ROTATE, "RotateSecret"),
    Probe(Action.ROTATE, "RotateSecret", {"secretsmanager:ModifyRotationRules": "false"}),
    Probe(Action.RECONFIGURE, "RotateSecret", {"secretsmanager:RotationLambdaARN": "arn:aws:lambda:::function:other"}),
    Probe(Action.RECONFIGURE, "RotateSecret", {"secretsmanager:ModifyRotationRules": "true"}),
    *_each(Action.RECONFIGURE, "UpdateSecret", "CancelRotateSecret", "ReplicateSecretToRegions"),
    *_each(Action.RECONFIGURE, "RemoveRegionsFromReplication", "StopReplicationToReplica"),
    Probe(Action.MOVE_LABELS, "UpdateSecretVersionStage"),
    Probe(Action.RECORD, "TagResource", {TAG_KEYS: list(OPERATION_TAGS)}),
    Probe(Action.RECORD, "TagResource", {TAG_KEYS: [OPERATION_TAGS[0]]}),
    Probe(Action.TAG, "TagResource", {TAG_KEYS: ["alees:expires-at"]}),
    Probe(Action.TAG, "TagResource", {TAG_KEYS: [OPERATION_TAGS[0], "alees:expires-at"]}),
    Probe(Action.TAG, "TagResource"),
    Probe(Action.TAG, "UntagResource", {TAG_KEYS: [OPERATION_TAGS[0]]}),
    *_each(Action.DELETE, "DeleteSecret", "RestoreSecret"),
    *_each(Action.READ_POLICY, "GetResourcePolicy", "ValidateResourcePolicy"),
    *_each(Action.WRITE_POLICY, "PutResourcePolicy", "DeleteResourcePolicy"),
)

CALLS = tuple(dict.fromkeys(probe.call for probe in PROBES))
"""Every operation of Secrets Manager but GetRandomPassword, which is about no secret."""

UNKNOWN = "secretsmanager:CallOfTomorrow"
"""What AWS may add one day: only a wildcard allows it, and nobody has one."""

KEY_USES = (
    *("Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"),
    "CreateGrant",
)
"""To use a key, or to let somebody use it."""

KEY_REPAIR = ("CancelKeyDeletion", "DescribeKey", "EnableKey", "EnableKeyRotation", "GetKeyPolicy", "PutKeyPolicy")
"""What mends a key."""

_KEY_ADMINISTRATION = (
    *("CreateAlias", "CreateKey", "DeleteAlias", "DisableKey", "DisableKeyRotation", "GetKeyRotationStatus"),
    *("ListAliases", "ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListResourceTags", "RevokeGrant"),
    *("RotateKeyOnDemand", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateAlias"),
    "UpdateKeyDescription",
)
KEY_ADMINISTRATION = (*KEY_REPAIR, *_KEY_ADMINISTRATION)
"""What the account's administrators may do."""

KEY_CALLS = (*KEY_USES, *KEY_ADMINISTRATION, "DeriveSharedSecret", "GenerateMac", "ImportKeyMaterial", "ReplicateKey")
"""These, and what nobody may do."""


UNDECLARED = "unmanaged"
"""A service with an API key that only the client made."""


def of_others(environment: Environment) -> list[str]:
    """Return the names of secrets that others make and that rules name."""
    found = {name for rule in rules(environment) for name in rule.names}
    return sorted(name for name in found if not name.startswith(f"alees/{environment.slug}/"))


def names(world: World) -> list[str]:
    """Return the names of the environment's secrets and of others that look like them."""
    prefix = f"alees/{world.environment.slug}/"
    other = "dev" if world.environment.slug != "dev" else "prod"
    theirs = [*world.secrets, *of_others(world.environment)]
    return [
        *theirs,
        *(f"{name}-of-old" for name in theirs),
        f"{prefix}api/{UNDECLARED}/key",
        f"{prefix}other/credentials",
        f"alees/{other}/database/credentials",
        f"alees/{other}/api/partners/key",
        "billing/database",
    ]
