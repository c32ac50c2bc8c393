"""Look at all secrets of an environment, never at a value: what AWS says, as health.py judges it.

Needs ListSecrets, and on what is declared DescribeSecret and ListSecretVersionIds.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from alees_secrets import naming
from alees_secrets.health import Observation

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

EXPIRES_TAG = "alees:expires-at"
"""Key of the tag with the date at which a value ends, as ``2026-12-31``: the beginning of that day (UTC), or the time
in it, if it has one."""

ENVIRONMENT_TAG = "alees:environment"
"""Key of the tag that names the environment of a secret."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """What configuration says of an environment's secrets.

    Attributes:
        environment: Lower-case name, such as ``prod``.
        paths: Of the secrets that it declares.
        rotated: Those of them that rotate by schedule.
        unjudged: Paths that are not looked at: the honey secret's.
        recovery_region: Where each declared secret has a replica.
    """

    environment: str
    paths: tuple[str, ...]
    rotated: tuple[str, ...]
    unjudged: tuple[str, ...]
    recovery_region: str

    def to_json(self) -> str:
        """Return it as text."""
        names = ("environment", "paths", "rotated", "unjudged", "recovery_region")
        return json.dumps({name: getattr(self, name) for name in names}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what ``to_json`` made a text of."""
        said = json.loads(text)
        lists = {name: tuple(said[name]) for name in ("paths", "rotated", "unjudged")}
        return cls(environment=said["environment"], recovery_region=said["recovery_region"], **lists)


def observe_all(client: "SecretsManagerClient", declared: Declared) -> list[tuple[str, Observation | None]]:
    """Return path and observation of every declared secret, then of every other below the prefix, by path.

    What is not declared is judged by what ListSecrets says: nobody needs a right to describe it.

    Raises:
        ClientError: AWS does not let the caller see them.
        BotoCoreError: AWS does not answer.
    """
    listed = dict(_listed(client, naming.prefix(declared.environment)))
    others = sorted(set(listed).difference(declared.paths, declared.unjudged))
    seen = [(path, _observe_declared(client, declared, path)) for path in declared.paths]
    return [*seen, *((path, observe(declared, path, listed[path], ())) for path in others)]


def _listed(client: "SecretsManagerClient", prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for page in client.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": [prefix]}]):
        for secret in page["SecretList"]:
            if secret["Name"].startswith(prefix):
                yield secret["Name"].removeprefix(prefix), secret


def _observe_declared(client: "SecretsManagerClient", declared: Declared, path: str) -> Observation | None:
    name = naming.prefix(declared.environment) + path
    try:
        said: Mapping[str, Any] = client.describe_secret(SecretId=name)
    except client.exceptions.ResourceNotFoundException:
        return None
    return observe(declared, path, said, client.list_secret_version_ids(SecretId=name)["Versions"])


def observe(
    declared: Declared, path: str, said: Mapping[str, Any], versions: Iterable[Mapping[str, Any]]
) -> Observation:
    """Return the observation of the secret at *path*.

    Args:
        declared: What configuration says.
        path: Path below the environment's prefix.
        said: DescribeSecret's answer, or the secret's entry in ListSecrets'.
        versions: ListSecretVersionIds'; empty where they were not asked for.
    """
    labels = _labels(said)
    made = {version["VersionId"]: version.get("CreatedDate") for version in versions}
    current = next((version for version, held in labels.items() if "AWSCURRENT" in held), None)
    begun, rotated = made.get(current) if current else None, said.get("LastRotatedDate")
    tags = {tag["Key"]: tag.get("Value", "") for tag in said.get("Tags") or ()}
    expires = _date(tags[EXPIRES_TAG]) if EXPIRES_TAG in tags else None
    return Observation(
        declared=path in declared.paths,
        rotates=path in declared.rotated,
        rotation_enabled=said.get("RotationEnabled", False),
        changed=any("AWSPREVIOUS" in held for held in labels.values()),
        created=said["CreatedDate"],
        altered=said.get("LastChangedDate") or said["CreatedDate"],
        deleted=said.get("DeletedDate"),
        last_rotated=rotated,
        rotated_in=rotated - begun if rotated and begun and begun <= rotated else None,
        value_since=rotated or begun,
        next_rotation=said.get("NextRotationDate"),
        pending_since=made.get(pending) if (pending := pending_version(labels)) else None,
        last_read=said.get("LastAccessedDate"),
        expires=expires,
        expiry_readable=EXPIRES_TAG not in tags or expires is not None,
        tagged=tags.get(ENVIRONMENT_TAG) == declared.environment,
        replicas=_replicas(declared, path, said),
    )


def pending_version(labels: Mapping[str, Iterable[str]]) -> str | None:
    """Return the version that holds AWSPENDING but not AWSCURRENT: that of a rotation that is not over."""
    return next((v for v, held in labels.items() if "AWSPENDING" in held and "AWSCURRENT" not in held), None)


def _labels(said: Mapping[str, Any]) -> Mapping[str, list[str]]:
    return said.get("VersionIdsToStages") or said.get("SecretVersionsToStages") or {}


def _replicas(declared: Declared, path: str, said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = {replica["Region"]: replica.get("Status", "") for replica in said.get("ReplicationStatus") or ()}
    if path in declared.paths:
        found.setdefault(declared.recovery_region, "Missing")
    return tuple(sorted(found.items()))


def _date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
