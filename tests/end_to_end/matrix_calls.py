"""The calls by which each action of the access matrix is tried in the local AWS.

They are made so that they change nothing when they are let through: they lack something, or say what is so already.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from config.access import VALUES, Action
from tests.end_to_end.identities import is_denied

_FUNCTION = "arn:aws:lambda:eu-central-1:111122223333:function:other"

LAUNCHERS = VALUES | {Action.READ_BATCH, Action.CREATE, Action.ROTATE, Action.RECONFIGURE}
"""Actions about which the local AWS's launcher judges: it supplies keys of Secrets Manager, PrincipalArn, TLS."""

RECORDED = {"Key": "alees:reason", "Value": "a test of the matrix"}
"""A tag that every secret is given before, so that to record it changes nothing."""

Calls = list[tuple[str, dict[str, Any]]]


def _calls(action: Action, name: str, version: str, slug: str) -> Calls:
    """Return the calls that try an action; all of them are to have the same outcome."""
    about: dict[str, Any] = {"SecretId": name}
    key = {"KmsKeyId": f"alias/alees/{slug}/api"}
    both = {"ForceDeleteWithoutRecovery": True, "RecoveryWindowInDays": 7}
    table: Mapping[Action, Calls] = {
        Action.READ_CURRENT: [
            ("get_secret_value", about),
            ("get_secret_value", {**about, "VersionStage": "AWSCURRENT"}),
        ],
        Action.READ_PREVIOUS: [("get_secret_value", {**about, "VersionStage": "AWSPREVIOUS"})],
        Action.READ_PENDING: [
            ("get_secret_value", {**about, "VersionStage": "AWSPENDING"}),
            ("get_secret_value", {**about, "VersionStage": "alees-revoked"}),
        ],
        Action.READ_VERSION: [
            ("get_secret_value", {**about, "VersionId": version}),
            ("get_secret_value", {**about, "VersionId": version, "VersionStage": "AWSCURRENT"}),
        ],
        Action.DESCRIBE: [("describe_secret", about)],
        Action.LIST_VERSIONS: [("list_secret_version_ids", about)],
        Action.LIST: [("list_secrets", {"MaxResults": 1})],
        Action.CREATE: [("create_secret", {"Name": name, "SecretString": "{}", **key})],  # it exists already
        Action.PUT: [("put_secret_value", about)],  # no value
        # A rotation that is over: it starts nothing.
        Action.ROTATE: [("rotate_secret", {**about, "ClientRequestToken": version})],
        Action.RECONFIGURE: [("update_secret", about)],  # nothing new
        Action.MOVE_LABELS: [("update_secret_version_stage", {**about, "VersionStage": "AWSCURRENT"})],  # to nowhere
        Action.RECORD: [("tag_resource", {**about, "Tags": [RECORDED]})],
        Action.TAG: [("untag_resource", {**about, "TagKeys": []})],
        Action.DELETE: [("delete_secret", {**about, **both})],  # contradictory
        Action.READ_POLICY: [("get_resource_policy", about)],
        Action.WRITE_POLICY: [("put_resource_policy", {**about, "ResourcePolicy": "no JSON"})],
    }
    return table[action]


_MORE_TO_DENY: Calls = [
    ("rotate_secret", {"RotationLambdaARN": _FUNCTION}),
    ("rotate_secret", {"RotationRules": {"AutomaticallyAfterDays": 900}}),
    ("cancel_rotate_secret", {}),
    ("replicate_secret_to_regions", {"AddReplicaRegions": [{"Region": "eu-west-3"}]}),
    ("remove_regions_from_replication", {"RemoveReplicaRegions": ["eu-west-1"]}),
    ("delete_resource_policy", {}),
    ("restore_secret", {}),
]
"""What would change something, so that it is tried only where it must be denied."""


def batch_denied(secrets: Any, name: str) -> bool:
    try:
        answer = secrets.batch_get_secret_value(SecretIdList=[name])
    except ClientError as error:
        return str(error.response["Error"]["Code"]) == "AccessDeniedException"
    return [each["ErrorCode"] for each in answer["Errors"]] == ["AccessDeniedException"]


_OTHER_KEYS: tuple[dict[str, str], ...] = (
    {},
    {"KmsKeyId": "alias/aws/secretsmanager"},
    {"KmsKeyId": "alias/alees/other/api"},
)
"""Under which nobody may make a secret."""


def outcomes(secrets: Any, action: Action, name: str, version: str, slug: str) -> set[bool]:
    """Return whether the ways to do an action are denied, in the environment *slug*."""
    if action is Action.READ_BATCH:
        return {batch_denied(secrets, name)}
    return {is_denied(getattr(secrets, call), **arguments) for call, arguments in _calls(action, name, version, slug)}


def wrongly_allowed(secrets: Any, name: str, allowed: set[Action]) -> list[str]:
    """Return the calls that are let through and that only somebody with other rights than *allowed* may do."""
    tag = ("tag_resource", {"Tags": [{"Key": "alees:expires-at", "Value": "x"}]})
    about_it: Calls = [
        *([] if Action.TAG in allowed else [tag]),
        *([] if Action.RECONFIGURE in allowed else _MORE_TO_DENY),
    ]
    tried: Calls = [
        *(("create_secret", {"Name": name, "SecretString": "{}", **key}) for key in _OTHER_KEYS),
        *((call, {"SecretId": name, **more}) for call, more in about_it),
    ]
    return [f"{call} {name}" for call, arguments in tried if not is_denied(getattr(secrets, call), **arguments)]
