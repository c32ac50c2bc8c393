"""Read what AWS says of an environment's secrets; never their values."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from alees_secrets import naming
from alees_secrets.errors import InvalidNameError
from alees_secrets.health import Observation, State, judge
from alees_secrets.kinds import kind_of
from alees_secrets.observing import observe_all, pending_version
from config.declaration import declaration
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
        states: The judgement, worst first.
        observation: What it was judged by; None if there is no such secret.
    """

    path: str
    kind: str
    states: tuple[State, ...]
    observation: Observation | None


def secret_statuses(target: Target, now: datetime) -> list[SecretStatus]:
    """Return how every declared secret is, then every other one below the prefix but the honey secret, by path.

    Raises:
        OperationError: AWS does not let the caller see them, or does not answer.
    """
    try:
        observed = observe_all(target.client, declaration(target.environment))
        return [SecretStatus(path, _kind(path), judge(seen, now), seen) for path, seen in observed]
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

    @property
    def before(self) -> str | None:
        """Return AWSPREVIOUS's version, or the one that was revoked last and whose end did not come perhaps."""
        return self.previous or self.revoked


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


def pending_since(target: Target, path: str, pending: str) -> datetime | None:
    """Return when the version *pending* of a rotation that is not over was made."""
    answer = target.client.list_secret_version_ids(SecretId=naming.prefix(target.environment.slug) + path)
    return next((version["CreatedDate"] for version in answer["Versions"] if version["VersionId"] == pending), None)


def _kind(path: str) -> str:
    try:
        return kind_of(path).name
    except InvalidNameError:
        return "unknown"
