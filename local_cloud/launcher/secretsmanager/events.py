"""What Secrets Manager tells EventBridge and CloudTrail about a secret.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html and
https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
"""

import datetime as dt
import json
import uuid
from enum import StrEnum
from typing import Any

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.store import PENDING, PREVIOUS, Secret

_SOURCE = "secretsmanager.amazonaws.com"


class RotationEvent(StrEnum):
    """Events about rotation that no call of the API makes."""

    STARTED = "RotationStarted"
    SUCCEEDED = "RotationSucceeded"
    FAILED = "RotationFailed"
    ABANDONED = "RotationAbandoned"
    TEST_FAILED = "TestRotationFailed"


def send_rotation_event(secret: Secret, event: RotationEvent) -> None:
    """Send an event to the default bus and record it in CloudTrail's event history.

    The caller's account and region are the secret's.
    """
    account = emulated("core.responses", "get_account_id")()
    event_id = str(uuid.uuid4())
    detail = {
        "eventVersion": "1.08",
        "userIdentity": {"accountId": account, "invokedBy": _SOURCE},
        "eventTime": _now_text(),
        "eventSource": _SOURCE,
        "eventName": event.value,
        "awsRegion": emulated("core.responses", "get_region")(),
        "sourceIPAddress": _SOURCE,
        "userAgent": _SOURCE,
        "requestParameters": None,
        "responseElements": None,
        "additionalEventData": {"SecretId": secret["ARN"]},
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }
    _dispatch(secret, "AWS Service Event via CloudTrail", detail)
    emulated("services.cloudtrail", "_get_event_queue")().append(
        {
            "EventId": event_id,
            "EventName": event.value,
            "EventSource": _SOURCE,
            "EventTime": CLOCK.now(),
            "ReadOnly": "false",
            "Resources": [{"ResourceType": "AWS::SecretsManager::Secret", "ResourceName": secret["ARN"]}],
            "CloudTrailEvent": json.dumps(detail),
        }
    )


def send_label_updated(secret: Secret, label: str, version_id: str) -> None:
    """Send ``Secret Label Updated``, which Secrets Manager does for every label but AWSPENDING and AWSPREVIOUS."""
    if label not in {PENDING, PREVIOUS}:
        detail = {"name": secret["Name"], "labelUpdated": label, "versionId": version_id}
        _dispatch(secret, "Secret Label Updated", detail)


def _dispatch(secret: Secret, detail_type: str, detail: dict[str, Any]) -> None:
    emulated("services.eventbridge", "_dispatch_event")(
        {
            "EventId": str(uuid.uuid4()),
            "Source": "aws.secretsmanager",
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
            "EventBusName": "default",
            "Time": _now_text(),
            "Resources": [secret["ARN"]],
            "Account": emulated("core.responses", "get_account_id")(),
            "Region": emulated("core.responses", "get_region")(),
        }
    )


def _now_text() -> str:
    return dt.datetime.fromtimestamp(CLOCK.now(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
