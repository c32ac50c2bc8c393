"""How staging labels move between versions. Callers hold STATE_LOCK.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
"""

from local_cloud.launcher.secretsmanager.answers import Answer, ApiError, Request
from local_cloud.launcher.secretsmanager.events import send_label_updated
from local_cloud.launcher.secretsmanager.store import (
    CURRENT,
    PREVIOUS,
    Secret,
    find_changeable_secret,
    holder_of,
    save,
)


def move_label(secret: Secret, label: str, version_id: str) -> None:
    """Give a label to a version, taking it from the one that has it.

    When AWSCURRENT moves, AWSPREVIOUS goes to the version that it leaves; otherwise AWSPREVIOUS stays where it is.
    """
    former = holder_of(secret, label)
    if former == version_id:
        return
    _take(secret, label)
    if label == CURRENT and former is not None:
        _take(secret, PREVIOUS)
        secret["Versions"][former]["Stages"].append(PREVIOUS)
    stages = secret["Versions"][version_id]["Stages"]
    stages.append(label)
    send_label_updated(secret, label, version_id)


def _take(secret: Secret, label: str) -> None:
    holder = holder_of(secret, label)
    if holder is not None:
        remove_label(secret, label, holder)


def remove_label(secret: Secret, label: str, version_id: str) -> None:
    """Take a label from the version that has it."""
    secret["Versions"][version_id]["Stages"].remove(label)


def update_secret_version_stage(request: Request) -> Answer:
    """Answer UpdateSecretVersionStage.

    Raises:
        ApiError: A version does not exist, the label is elsewhere than RemoveFromVersionId says, or AWSCURRENT would
            be on no version.
    """
    secret = find_changeable_secret(request.get("SecretId"))
    label, target, source = (request.get(key) for key in ("VersionStage", "MoveToVersionId", "RemoveFromVersionId"))
    if not label or not (target or source):
        raise _invalid("You must specify VersionStage, and MoveToVersionId or RemoveFromVersionId.")
    for version_id in (target, source):
        if version_id and version_id not in secret["Versions"]:
            raise ApiError(
                "ResourceNotFoundException",
                f"Secrets Manager can't find the specified secret value for VersionId: {version_id}",
            )
    holder = holder_of(secret, label)
    if source and source != holder:
        raise _invalid(f"The staging label {label} isn't attached to version {source}.")
    if source and not target:
        if label == CURRENT:
            raise _invalid(f"You can only move staging label {CURRENT} to a different version; it can't be removed.")
        remove_label(secret, label, source)
    elif target:
        if holder not in {None, target, source}:
            raise _invalid(
                f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to "
                f"version {holder}, so you must explicitly reference that version in RemoveFromVersionId."
            )
        move_label(secret, label, target)
    save(secret)
    return {"ARN": secret["ARN"], "Name": secret["Name"]}


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterException", message)
