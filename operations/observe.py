"""Read what AWS says of an environment's secrets; never their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from alees_secrets import naming
from alees_secrets.errors import InvalidNameError
from alees_secrets.health import Observation, State, judge
from alees_secrets.kinds import kind_of
from config.access import HONEY
from operations.errors import OperationError
from operations.target import Target

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.type_defs import DescribeSecretResponseTypeDef


@dataclass(frozen=True, slots=True)
class SecretStatus:
    """How one secret is.

    Attributes:
        path: Path below the environment's prefix.
        kind: What it is for; ``unknown`` if its path is none of the convention's.
        state: The judgement.
        last_rotated: End of its last rotation; None if there was none.
        next_rotation: By when the next is due; None without a schedule or a secret.
    """

    path: str
    kind: str
    state: State
    last_rotated: datetime | None
    next_rotation: datetime | None


def secret_statuses(target: Target, now: datetime) -> list[SecretStatus]:
    """Return how every declared secret is, then every other one below the prefix but the honey secret, by path.

    Raises:
        OperationError: AWS does not let the caller see them, or does not answer.
    """
    declared = target.environment.secret_paths
    try:
        others = sorted(set(_existing_paths(target)).difference(declared, {HONEY}))
        return [_status(target, path, now) for path in (*declared, *others)]
    except (BotoCoreError, ClientError) as error:
        problem = describe_failure(error)
    raise OperationError(f"the secrets of {target.environment.name} cannot be listed: {problem}")


def describe_failure(error: BotoCoreError | ClientError) -> str:
    """Return one line about a failed call: its operation and code, never its parameters."""
    if isinstance(error, ClientError):
        return f"{error.operation_name} answered {error.response.get('Error', {}).get('Code', 'an error')}"
    if isinstance(error, NoCredentialsError):
        return "no AWS credentials were found, so set AWS_PROFILE"
    return f"AWS did not answer ({type(error).__name__}); check the network and the credentials"


def _existing_paths(target: Target) -> Iterator[str]:
    prefix = naming.prefix(target.environment.slug)
    pages = target.client.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": [prefix]}])
    for page in pages:
        yield from (
            secret["Name"].removeprefix(prefix) for secret in page["SecretList"] if secret["Name"].startswith(prefix)
        )


def _status(target: Target, path: str, now: datetime) -> SecretStatus:
    answer = describe(target, path)
    if answer is None:
        return SecretStatus(path, _kind(path), State.MISSING, None, None)
    versions = answer.get("VersionIdsToStages", {})
    stages = {stage for stages in versions.values() for stage in stages}
    observation = Observation(
        declared=path in target.environment.secret_paths,
        rotates=path in target.environment.rotated_paths,
        rotation_enabled=answer.get("RotationEnabled", False),
        changed="AWSPREVIOUS" in stages,
        last_rotated=answer.get("LastRotatedDate"),
        next_rotation=answer.get("NextRotationDate"),
        pending_since=pending_since(target, path, pending) if (pending := pending_version(versions)) else None,
    )
    return SecretStatus(path, _kind(path), judge(observation, now), observation.last_rotated, observation.next_rotation)


def describe(target: Target, path: str) -> "DescribeSecretResponseTypeDef | None":
    """Return what DescribeSecret says of the secret at *path*, or None if there is none."""
    try:
        return target.client.describe_secret(SecretId=naming.prefix(target.environment.slug) + path)
    except target.client.exceptions.ResourceNotFoundException:
        return None


@dataclass(frozen=True, slots=True)
class Seen:
    """One secret as it is before something is done to it.

    Attributes:
        arn: Its ARN.
        function: ARN of its rotation function; None without one.
        current: Version that holds AWSCURRENT, and so on.
        previous: AWSPREVIOUS.
        pending: AWSPENDING, where that is not AWSCURRENT's: a rotation that is not over.
        revoked: The version that was revoked last.
    """

    arn: str
    function: str | None
    current: str | None
    previous: str | None
    pending: str | None
    revoked: str | None


def see(target: Target, path: str) -> Seen:
    """Return how the secret at *path* is now.

    Raises:
        OperationError: There is none, or AWS does not let the caller see it or does not answer.
    """
    seen = look(target, path)
    if seen is None:
        raise OperationError(f"there is no secret at {path}; deploy {target.environment.stack_name} first")
    return seen


def look(target: Target, path: str) -> Seen | None:
    """Return how the secret at *path* is now; None if there is none.

    Raises:
        OperationError: AWS does not let the caller see it or does not answer.
    """
    try:
        answer = describe(target, path)
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"{path} cannot be described: {describe_failure(error)}") from None
    if answer is None:
        return None
    versions = answer.get("VersionIdsToStages", {})
    holder = {label: version for version, labels in versions.items() for label in labels}
    return Seen(
        arn=answer["ARN"],
        function=answer.get("RotationLambdaARN"),
        current=holder.get("AWSCURRENT"),
        previous=holder.get("AWSPREVIOUS"),
        pending=pending_version(versions),
        revoked=holder.get("alees-revoked"),
    )


def pending_version(versions: Mapping[str, list[str]]) -> str | None:
    """Return the version that holds AWSPENDING but not AWSCURRENT: that of a rotation that is not over."""
    return next((v for v, held in versions.items() if "AWSPENDING" in held and "AWSCURRENT" not in held), None)


def pending_since(target: Target, path: str, pending: str) -> datetime | None:
    """Return when the version *pending* of a rotation that is not over was made."""
    answer = target.client.list_secret_version_ids(SecretId=naming.prefix(target.environment.slug) + path)
    return next((version["CreatedDate"] for version in answer["Versions"] if version["VersionId"] == pending), None)


def _kind(path: str) -> str:
    try:
        return kind_of(path).name
    except InvalidNameError:
        return "unknown"
