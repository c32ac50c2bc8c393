"""What Secrets Manager tells of a secret that is deleted without a time to recover it.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
"""

from collections.abc import Callable

from local_cloud.launcher.secretsmanager.answers import Request, Response
from local_cloud.launcher.secretsmanager.events import RotationEvent, send_rotation_event
from local_cloud.launcher.secretsmanager.store import find_secret

_OK = 200


def telling_of_versions(delete_secret: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Send the end of each version of a secret that is gone for good at once."""

    def answer(request: Request) -> Response:
        if not request.get("ForceDeleteWithoutRecovery"):
            return delete_secret(request)
        secret = find_secret(request.get("SecretId"), deleted_too=True)
        versions = len(secret["Versions"])
        response = delete_secret(request)
        if response[0] == _OK:
            for _ in range(versions):
                send_rotation_event(secret, RotationEvent.VERSION_DELETED)
        return response

    return answer
