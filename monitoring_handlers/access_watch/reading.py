"""What a record of CloudTrail says, whichever way the caller wrote it.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from monitoring_handlers.access_watch.access import DENIED, Access, Who
from monitoring_handlers.tampering import caller, is_deployment
from monitoring_handlers.watched import Watched

Record: TypeAlias = Mapping[str, Any]

_ARN_PARTS = 6
_DENIED_ON = re.compile(r"on resource: (\S+)")
_KMS_DENIED = "Access to KMS is not allowed"
"""How Secrets Manager answers who may read a secret and may not use its key."""

_TARGETS = ("roleArn", "roleName", "userName", "policyArn", "keyId")
"""Parameters that name what a call of STS, IAM or KMS is about."""


def read(record: Record, watched: Watched) -> Access:
    """Return the call that a record tells of.

    Raises:
        KeyError: It lacks what every record has.
        ValueError: Likewise.
    """
    asked = record.get("requestParameters") or {}
    service, event = record["eventSource"].partition(".")[0], record["eventName"]
    error, message = record.get("errorCode") or "", record.get("errorMessage") or ""
    denied = error.startswith(DENIED)
    named = list(_named(record, service))
    secrets = tuple(dict.fromkeys(name for name in map(watched.secret, named) if name is not None))
    return Access(
        id=record.get("eventID", ""),
        at=datetime.fromisoformat(record["eventTime"]),
        region=record["awsRegion"],
        service="kms" if denied and _KMS_DENIED in message else service,
        event="Decrypt" if denied and _KMS_DENIED in message else event,
        who=_who(record),
        secrets=secrets,
        anywhere=event == "BatchGetSecretValue" and not named and _filters_admit(asked, watched),
        stage=asked.get("versionStage") or "AWSCURRENT",
        by_id=bool(asked.get("versionId")),
        target=next((asked[name] for name in _TARGETS if asked.get(name)), "") or _resource(record),
        denied=denied,
        failed=bool(error),
        writes=record.get("readOnly") is False,
        address=record.get("sourceIPAddress") or "",
        endpoint=record.get("vpcEndpointId") or "",
    )


def _named(record: Record, service: str) -> Iterator[str]:
    """Yield how the caller named the secrets of a call; a refusal may have them in its message alone."""
    asked = record.get("requestParameters") or {}
    if service == "kms":
        yield (asked.get("encryptionContext") or {}).get("SecretARN", "")
    elif service == "secretsmanager":
        data = record.get("additionalEventData") or {}
        given = [*(asked.get("secretIdList") or ()), asked.get("secretId"), asked.get("name"), data.get("SecretId")]
        found = [each for each in given if each]
        yield from found or [each for each in [_refused_on(record)] if each not in {"", "*"}]


def _filters_admit(asked: Record, watched: Watched) -> bool:
    """Tell whether a batch by filters, or one without details, can have been about the environment's secrets."""
    prefix = f"alees/{watched.environment}/"
    names = [each.get("values") or () for each in asked.get("filters") or () if each.get("key") == "name"]
    wanted = [name for values in names for name in values]
    return not wanted or any(name.startswith(prefix) or prefix.startswith(name) for name in wanted)


def _resource(record: Record) -> str:
    listed = record.get("resources") or ()
    return next((each["ARN"] for each in listed if each.get("ARN")), "") or _refused_on(record)


def _refused_on(record: Record) -> str:
    found = _DENIED_ON.search(record.get("errorMessage") or "")
    return found[1] if found else ""


def _who(record: Record) -> Who:
    identity = record.get("userIdentity") or {}
    issuer = (identity.get("sessionContext") or {}).get("sessionIssuer") or {}
    parts = str(issuer.get("arn") or identity.get("arn") or "").split(":", _ARN_PARTS - 1)
    known = len(parts) == _ARN_PARTS and parts[4] == record.get("recipientAccountId") and parts[5] != "root"
    return Who(
        arn=caller(record),
        principal=parts[5] if known else "",
        service=str(identity.get("invokedBy") or "").endswith(".amazonaws.com"),
        deployment=is_deployment(record),
    )
