"""Secrets as MiniStack stores them: plain dictionaries. Callers hold STATE_LOCK.

A secret has ARN, Name, RotationEnabled, RotationLambdaARN, RotationRules, Versions (id to version) and more; this
package adds LastRotatedDate, ``_schedule_from`` and ``_attempted``. A version has SecretString, SecretBinary,
CreatedDate and Stages; one without a value has None for both.
"""

import uuid
from typing import Any, TypeAlias

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import ApiError

Secret: TypeAlias = dict[str, Any]
Version: TypeAlias = dict[str, Any]

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"

_TOKEN_LENGTHS = range(32, 65)


def find_secret(secret_id: object, *, deleted_too: bool = False) -> Secret:
    """Return the secret of this name or ARN in the caller's account and region.

    Args:
        secret_id: Name, ARN, or ARN without its random end.
        deleted_too: Return a secret that is scheduled for deletion as well.

    Raises:
        ApiError: There is none.
    """
    _, secret = emulated("services.secretsmanager", "_resolve")(secret_id)
    if secret is None:
        raise ApiError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    if secret.get("DeletedDate") and not deleted_too:
        raise ApiError(
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        )
    found: Secret = secret
    return found


def find_changeable_secret(secret_id: object) -> Secret:
    """Return the secret as find_secret does, if it is no replica.

    Raises:
        ApiError: As find_secret, or it is a replica.
    """
    secret = find_secret(secret_id)
    if emulated("services.secretsmanager", "_is_replica")(secret):
        raise ApiError("InvalidRequestException", "You can't perform this operation on a replica secret.")
    return secret


def holder_of(secret: Secret, label: str) -> str | None:
    """Return the id of the version that carries a staging label."""
    return next((id_ for id_, version in secret["Versions"].items() if label in version["Stages"]), None)


def has_value(version: Version) -> bool:
    """Tell whether a version has been given its value."""
    return version.get("SecretString") is not None or version.get("SecretBinary") is not None


def same_value(version: Version, request: dict[str, Any]) -> bool:
    """Tell whether a request carries exactly the version's value."""
    return all(request.get(field) == version.get(field) for field in ("SecretString", "SecretBinary"))


def add_version(secret: Secret, version_id: str, value: dict[str, Any] | None = None) -> Version:
    """Add a version without labels; without *value*, one without a value."""
    given = value or {}
    version: Version = {
        "SecretString": given.get("SecretString"),
        "SecretBinary": given.get("SecretBinary"),
        "CreatedDate": CLOCK.now(),
        "Stages": [],
    }
    secret["Versions"][version_id] = version
    return version


def save(secret: Secret) -> None:
    """Note that a secret changed and bring its replicas up to date."""
    secret["LastChangedDate"] = CLOCK.now()
    emulated("services.secretsmanager", "_sync_replicas")(secret)


def version_token(request: dict[str, Any]) -> str:
    """Return the id for a new version: the request's ClientRequestToken, or a new one.

    Raises:
        ApiError: The token has not 32 to 64 characters.
    """
    token = request.get("ClientRequestToken")
    if token is None:
        return str(uuid.uuid4())
    if not isinstance(token, str) or len(token) not in _TOKEN_LENGTHS:
        raise ApiError("InvalidParameterException", "ClientRequestToken must be 32-64 characters long.")
    return token
