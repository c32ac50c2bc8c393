"""What can be known of a secret without its value.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
"""

import json
from collections.abc import Callable

from local_cloud.launcher.secretsmanager.answers import STATE_LOCK, Answer, Request, Response
from local_cloud.launcher.secretsmanager.schedule import parse_rules
from local_cloud.launcher.secretsmanager.store import Secret, find_secret

_FIELDS = (
    "ARN",
    "Name",
    "Description",
    "KmsKeyId",
    "RotationEnabled",
    "RotationLambdaARN",
    "RotationRules",
    "LastChangedDate",
    "LastAccessedDate",
    "DeletedDate",
    "Tags",
    "CreatedDate",
    "ReplicationStatus",
)


def _described(secret: Secret) -> Answer:
    """Return what DescribeSecret and ListSecrets both tell."""
    found = {name: secret[name] for name in _FIELDS if secret.get(name) not in (None, [], "")}
    if secret.get("_PrimaryRegion"):
        found["PrimaryRegion"] = secret["_PrimaryRegion"]
    if secret.get("RotationEnabled"):
        schedule = parse_rules(secret.get("RotationRules") or {})
        if secret.get("LastRotatedDate") is not None:
            found["LastRotatedDate"] = secret["LastRotatedDate"]
        if schedule is not None:
            found["NextRotationDate"] = schedule.next_window(secret["_schedule_from"]).closes
    return found


def _stages(secret: Secret) -> dict[str, list[str]]:
    return {id_: list(version["Stages"]) for id_, version in secret["Versions"].items() if version["Stages"]}


def describe_secret(request: Request) -> Answer:
    """Answer DescribeSecret, for secrets scheduled for deletion too.

    LastRotatedDate and NextRotationDate are absent while rotation is off. NextRotationDate is when the next window
    closes; after a failed rotation it lies in the past.
    """
    secret = find_secret(request.get("SecretId"), deleted_too=True)
    return {**_described(secret), "VersionIdsToStages": _stages(secret)}


def with_rotation_fields(list_secrets: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Make ListSecrets tell of rotation what DescribeSecret does."""

    def answer(request: Request) -> Response:
        with STATE_LOCK:
            status, headers, body = list_secrets(request)
            listed = json.loads(body)
            listed["SecretList"] = [
                {**_described(secret), "SecretVersionsToStages": _stages(secret)}
                for secret in (find_secret(entry["ARN"], deleted_too=True) for entry in listed["SecretList"])
            ]
        return status, headers, json.dumps(listed).encode()

    return answer


def without_deprecated_versions(list_versions: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Make ListSecretVersionIds leave out versions without labels, unless IncludeDeprecated asks for them."""

    def answer(request: Request) -> Response:
        with STATE_LOCK:
            status, headers, body = list_versions(request)
        listed = json.loads(body)
        if request.get("IncludeDeprecated") or "Versions" not in listed:
            return status, headers, body
        listed["Versions"] = [version for version in listed["Versions"] if version["VersionStages"]]
        return status, headers, json.dumps(listed).encode()

    return answer
