"""Reading and writing the values of versions.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html, API_PutSecretValue.html and
API_UpdateSecret.html beside it.
"""

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.secretsmanager.answers import Answer, ApiError, Request
from local_cloud.launcher.secretsmanager.labels import move_label
from local_cloud.launcher.secretsmanager.rotation import abandon_rotation
from local_cloud.launcher.secretsmanager.store import (
    CURRENT,
    Secret,
    add_version,
    find_changeable_secret,
    find_secret,
    has_value,
    holder_of,
    same_value,
    save,
    version_token,
)


def get_secret_value(request: Request) -> Answer:
    """Answer GetSecretValue.

    Raises:
        ApiError: No version matches, or it has been given no value yet, as AWSPENDING before createSecret.
    """
    secret = find_secret(request.get("SecretId"))
    version_id = _wanted_version(secret, request.get("VersionId"), request.get("VersionStage"))
    version = secret["Versions"][version_id]
    secret["LastAccessedDate"] = int(CLOCK.now()) // 86400 * 86400  # AWS keeps the day only
    value = {field: version[field] for field in ("SecretString", "SecretBinary") if version.get(field) is not None}
    return {
        "ARN": secret["ARN"],
        "Name": secret["Name"],
        "VersionId": version_id,
        "VersionStages": list(version["Stages"]),
        "CreatedDate": version["CreatedDate"],
        **value,
    }


def _wanted_version(secret: Secret, version_id: str | None, stage: str | None) -> str:
    versions = secret["Versions"]
    found = version_id or holder_of(secret, stage or CURRENT)
    if found is not None and found in versions and stage and stage not in versions[found]["Stages"]:
        raise ApiError(
            "InvalidRequestException", "You provided a VersionStage that is not associated to the provided VersionId."
        )
    if found is None or found not in versions or not has_value(versions[found]):
        wanted = f"staging label: {stage or CURRENT}" if stage or not version_id else f"VersionId: {version_id}"
        raise ApiError(
            "ResourceNotFoundException", f"Secrets Manager can't find the specified secret value for {wanted}"
        )
    return found


def put_secret_value(request: Request) -> Answer:
    """Answer PutSecretValue.

    The version that a rotation made without a value takes one. A version that has a value never changes: the same
    value again succeeds and does nothing.

    Raises:
        ApiError: The version has another value, or the request has none.
    """
    secret = find_changeable_secret(request.get("SecretId"))
    if request.get("SecretString") is None and request.get("SecretBinary") is None:
        raise ApiError("InvalidParameterException", "You must provide either SecretString or SecretBinary.")
    token = version_token(request)
    version = secret["Versions"].get(token)
    if version is None:
        add_version(secret, token, request)
    elif not has_value(version):
        version.update({field: request.get(field) for field in ("SecretString", "SecretBinary")})
    elif not same_value(version, request):
        raise _token_in_use(secret, token)
    else:
        return _put_answer(secret, token)
    labels = request.get("VersionStages") or [CURRENT]
    for label in labels:
        move_label(secret, label, token)
    if CURRENT in labels:
        _changed_by_hand(secret, token)
    save(secret)
    return _put_answer(secret, token)


def _put_answer(secret: Secret, version_id: str) -> Answer:
    stages = list(secret["Versions"][version_id]["Stages"])
    return {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": version_id, "VersionStages": stages}


def update_secret(request: Request) -> Answer:
    """Answer UpdateSecret: change description and key, and with a value make a new AWSCURRENT version.

    Raises:
        ApiError: The ClientRequestToken is a version's id already.
    """
    secret = find_changeable_secret(request.get("SecretId"))
    answer = {"ARN": secret["ARN"], "Name": secret["Name"]}
    if any(request.get(field) is not None for field in ("SecretString", "SecretBinary")):
        token = version_token(request)
        if token in secret["Versions"]:
            raise _token_in_use(secret, token)
        add_version(secret, token, request)
        move_label(secret, CURRENT, token)
        _changed_by_hand(secret, token)
        answer["VersionId"] = token
    secret.update({field: request[field] for field in ("Description", "KmsKeyId") if field in request})
    save(secret)
    return answer


def _changed_by_hand(secret: Secret, version_id: str) -> None:
    """Do what a new AWSCURRENT version means for rotation: it counts as one, and one under way is abandoned."""
    secret["_schedule_from"] = CLOCK.now()
    abandon_rotation(secret, in_favour_of=version_id)


def _token_in_use(secret: Secret, token: str) -> ApiError:
    return ApiError(
        "ResourceExistsException",
        f"You can't use ClientRequestToken {token} because that value is already in use for a version of secret "
        f"{secret['ARN']}.",
    )
