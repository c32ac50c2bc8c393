"""What CloudTrail writes of an event.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import uuid
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.cloudtrail.identity import Identity, time_text
from local_cloud.launcher.cloudtrail.operations import is_read_only
from local_cloud.launcher.cloudtrail.parameters import Parameters
from local_cloud.launcher.emulator import emulated

Record: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of an API.

    Attributes:
        service: What stands before ``.amazonaws.com``.
        name: Name of the event.
        region: Where CloudTrail records it.
        identity: Who called.
        source: Address of the caller, or name of the service that called.
        user_agent: What the caller says it is.
        request_id: What the answer carries.
        parameters: What was asked for, without values.
        error_code: None when the call succeeded.
        error_message: What was answered instead.
    """

    service: str
    name: str
    region: str
    identity: Identity
    source: str
    user_agent: str
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    parameters: Parameters | None = None
    error_code: str | None = None
    error_message: str | None = None

    def record(self) -> Record:
        """Return the event. The account is the current one."""
        details = {"errorCode": self.error_code, "errorMessage": self.error_message, "resources": self._resources()}
        return {
            **_new_record(self.service, self.name, self.region, self.identity),
            "sourceIPAddress": self.source,
            "userAgent": self.user_agent,
            **{key: value for key, value in details.items() if value},
            "requestParameters": self.parameters,
            "responseElements": None,
            "requestID": self.request_id,
            "readOnly": is_read_only(self.name),
            "eventType": "AwsApiCall",
        }

    def _resources(self) -> list[dict[str, str]]:
        """Return what was acted upon, for the services whose events say so; Secrets Manager's do not."""
        parameters, account = self.parameters or {}, emulated("core.responses", "get_account_id")()
        if self.error_code:
            return []
        if self.service == "sts" and (role := parameters.get("roleArn")):
            return [{"accountId": account, "type": "AWS::IAM::Role", "ARN": role}]
        if self.service == "s3" and (bucket := parameters.get("bucketName")):
            return [{"accountId": account, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"}]
        if self.service == "kms" and (key := emulated("services.kms", "_resolve_key")(parameters.get("keyId"))):
            return [{"accountId": account, "type": "AWS::KMS::Key", "ARN": key["Arn"]}]
        return []


def service_event(service: str, name: str, data: dict[str, str]) -> Record:
    """Return an event that no call makes, in the current account and region.

    Args:
        service: What stands before ``.amazonaws.com``.
        name: Name of the event.
        data: Its additionalEventData.
    """
    source = f"{service}.amazonaws.com"
    account, region = emulated("core.responses", "get_account_id")(), emulated("core.responses", "get_region")()
    return {
        **_new_record(service, name, region, {"accountId": account, "invokedBy": source}),
        "sourceIPAddress": source,
        "userAgent": source,
        "requestParameters": None,
        "responseElements": None,
        "additionalEventData": data,
        "readOnly": False,
        "eventType": "AwsServiceEvent",
    }


def _new_record(service: str, name: str, region: str, identity: Identity) -> Record:
    return {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": time_text(CLOCK.now()),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "eventID": str(uuid.uuid4()),
        "managementEvent": True,
        "recipientAccountId": emulated("core.responses", "get_account_id")(),
        "eventCategory": "Management",
    }
