"""What Secrets Manager tells EventBridge and CloudTrail about a secret.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html and
https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
"""

from enum import StrEnum

from local_cloud.launcher.cloudtrail.delivery import deliver_now
from local_cloud.launcher.cloudtrail.records import service_event
from local_cloud.launcher.eventbridge import dispatch, new_event
from local_cloud.launcher.secretsmanager.store import PENDING, PREVIOUS, Secret


class RotationEvent(StrEnum):
    """Events about rotation, and the end of a version, that no call of the API makes."""

    STARTED = "RotationStarted"
    SUCCEEDED = "RotationSucceeded"
    FAILED = "RotationFailed"
    ABANDONED = "RotationAbandoned"
    TEST_FAILED = "TestRotationFailed"
    VERSION_DELETED = "EndSecretVersionDelete"


def send_rotation_event(secret: Secret, event: RotationEvent) -> None:
    """Tell CloudTrail, which passes it on to EventBridge while a trail is logging.

    The caller's account and region are the secret's.
    """
    deliver_now(service_event("secretsmanager", event.value, {"SecretId": secret["ARN"]}))


def send_label_updated(secret: Secret, label: str, version_id: str) -> None:
    """Send ``Secret Label Updated``, which Secrets Manager does for every label but AWSPENDING and AWSPREVIOUS."""
    if label in {PENDING, PREVIOUS}:
        return
    detail = {"name": secret["Name"], "labelUpdated": label, "versionId": version_id}
    dispatch(new_event("aws.secretsmanager", "Secret Label Updated", detail, secret["ARN"]))
