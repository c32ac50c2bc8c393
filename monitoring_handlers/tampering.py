"""Calls that change what protects the secrets, as CloudTrail records them.

Only calls that did something count. What CloudFormation does with the role of the CDK's bootstrap was reviewed before
it was deployed: it is not told, but for what no deployment of ours does by itself.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from monitoring_handlers.findings import Fact, Finding
from monitoring_handlers.watched import Watched

Record: TypeAlias = Mapping[str, Any]
Parameters: TypeAlias = Mapping[str, Any]

_LAMBDA_VERSION = re.compile(r"\d{8}(v\d+)?$")
_DEPLOYER = re.compile(r"cdk-[^/]+-cfn-exec-role-")
_DAYS_TO_DELETE = 30
"""How long both Secrets Manager and KMS wait when the caller does not say."""


@dataclass(frozen=True, slots=True)
class _Call:
    """What one kind of call means.

    Attributes:
        alert: Id of the alert.
        about: Returns the environment's thing that it was done to; None if it is nobody's.
        reviewed: Not told when CloudFormation does it.
    """

    alert: str
    about: Callable[[Watched, Parameters], str | None]
    reviewed: bool = True


def _secret(watched: Watched, asked: Parameters) -> str | None:
    return watched.secret(asked.get("secretId"))


def _given(*names: str) -> Callable[[Watched, Parameters], str | None]:
    """Return what names the secret of a call that has one of these parameters, and is ordinary without."""
    return lambda watched, asked: _secret(watched, asked) if any(name in asked for name in names) else None


def _key(watched: Watched, asked: Parameters) -> str | None:
    return watched.key(asked.get("keyId"))


def _alias(watched: Watched, asked: Parameters) -> str | None:
    return watched.alias(asked.get("aliasName"))


def _trail(watched: Watched, asked: Parameters) -> str | None:
    return watched.trail_of(asked.get("name") or asked.get("trailName"))


def _bucket(watched: Watched, asked: Parameters) -> str | None:
    return watched.trail_bucket(asked.get("bucketName"))


def _log_group(watched: Watched, asked: Parameters) -> str | None:
    return watched.log_group(asked.get("logGroupName"))


def _rule(watched: Watched, asked: Parameters) -> str | None:
    return watched.made(asked.get("rule") or asked.get("name"))


def _alarm(watched: Watched, asked: Parameters) -> str | None:
    names = [asked.get("alarmName"), *(asked.get("alarmNames") or ())]
    return ", ".join(name for name in map(watched.made, names) if name) or None


def _topic(watched: Watched, asked: Parameters) -> str | None:
    return watched.topic(asked.get("topicArn") or asked.get("subscriptionArn"))


def _function(*, rotates: bool) -> Callable[[Watched, Parameters], str | None]:
    def about(watched: Watched, asked: Parameters) -> str | None:
        name = watched.function(asked.get("functionName"))
        return name if name and rotates == ("Rotation" in name or "ByHand" in name) else None

    return about


def _all(names: str, *calls: _Call) -> dict[str, tuple[_Call, ...]]:
    return dict.fromkeys(names.split(), calls)


CALLS: Mapping[str, Mapping[str, tuple[_Call, ...]]] = {
    "secretsmanager": {
        **_all("DeleteSecret", _Call("secret-deleted", _secret, reviewed=False)),
        **_all("CancelRotateSecret", _Call("rotation-off", _secret, reviewed=False)),
        **_all("PutResourcePolicy DeleteResourcePolicy", _Call("policy-changed", _secret)),
        **_all("UpdateSecret", _Call("policy-changed", _given("kmsKeyId"))),
        **_all("RotateSecret", _Call("rotation-changed", _given("rotationRules", "rotationLambdaARN"))),
    },
    "kms": {
        **_all("DisableKey", _Call("key-disabled", _key, reviewed=False)),
        **_all("ScheduleKeyDeletion", _Call("key-deletion-scheduled", _key, reviewed=False)),
        **_all("PutKeyPolicy CreateGrant DisableKeyRotation", _Call("key-policy-changed", _key)),
        **_all("DeleteAlias UpdateAlias", _Call("key-policy-changed", _alias)),
    },
    "cloudtrail": {
        **_all("StopLogging DeleteTrail", _Call("trail-changed", _trail, reviewed=False)),
        **_all("UpdateTrail PutEventSelectors", _Call("trail-changed", _trail)),
    },
    "s3": _all(
        "PutBucketPolicy DeleteBucketPolicy DeleteBucket PutBucketLifecycle DeleteBucketLifecycle PutBucketVersioning "
        "PutBucketEncryption DeleteBucketEncryption PutBucketAcl PutBucketPublicAccessBlock "
        "DeleteBucketPublicAccessBlock PutBucketReplication DeleteBucketReplication",
        _Call("trail-changed", _bucket),
    ),
    "logs": _all(
        "DeleteLogGroup DeleteLogStream PutSubscriptionFilter DeleteSubscriptionFilter PutRetentionPolicy "
        "AssociateKmsKey DisassociateKmsKey",
        _Call("watching-changed", _log_group),
    ),
    "events": _all("PutRule DisableRule DeleteRule PutTargets RemoveTargets", _Call("watching-changed", _rule)),
    "monitoring": _all(
        "PutMetricAlarm DeleteAlarms DisableAlarmActions SetAlarmState", _Call("watching-changed", _alarm)
    ),
    "sns": _all(
        "SetTopicAttributes DeleteTopic AddPermission RemovePermission Subscribe Unsubscribe SetSubscriptionAttributes",
        _Call("watching-changed", _topic),
    ),
    "lambda": _all(
        "UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction AddPermission RemovePermission "
        "PutFunctionConcurrency PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig "
        "DeleteFunctionEventInvokeConfig UpdateAlias DeleteAlias CreateFunctionUrlConfig",
        _Call("rotation-changed", _function(rotates=True)),
        _Call("watching-changed", _function(rotates=False)),
    ),
}
"""Service, as CloudTrail names it, and event, without the version that Lambda's carry, to what the call means."""


def finding_of(record: Record, watched: Watched) -> Finding | None:
    """Return what a call of an API did to what protects the environment; None if nothing.

    Args:
        record: CloudTrail's, which is the detail of EventBridge's event too.
        watched: The environment.
    """
    if record.get("errorCode") or record.get("recipientAccountId") != watched.account:
        return None
    service = str(record.get("eventSource")).partition(".")[0]
    name = _LAMBDA_VERSION.sub("", str(record.get("eventName")))
    asked = record.get("requestParameters") or {}
    for call in CALLS.get(service, {}).get(name, ()):
        if call.reviewed and is_deployment(record):
            continue
        if about := call.about(watched, asked):
            return Finding(
                alert=call.alert,
                environment=watched.environment,
                about=about,
                by=caller(record),
                at=datetime.fromisoformat(str(record["eventTime"])),
                facts=_facts(name, record, asked),
            )
    return None


def caller(record: Record) -> str:
    """Return who called: an ARN, the name of the service that did, or account and id of somebody from elsewhere."""
    identity = record.get("userIdentity") or {}
    elsewhere = " ".join(str(identity[name]) for name in ("type", "accountId", "principalId") if identity.get(name))
    return str(identity.get("arn") or identity.get("invokedBy") or elsewhere or "-")


def is_deployment(record: Record) -> bool:
    """Tell whether a service, CloudFormation above all, called with the role of the CDK's bootstrap.

    DynamoDB makes a grant for a table's key in the name of the same role.
    """
    identity = record.get("userIdentity") or {}
    role = str(((identity.get("sessionContext") or {}).get("sessionIssuer") or {}).get("userName", ""))
    return str(identity.get("invokedBy", "")).endswith(".amazonaws.com") and _DEPLOYER.match(role) is not None


def _facts(name: str, record: Record, asked: Parameters) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "call": name,
        "source": str(record.get("sourceIPAddress", "-")),
        "user": caller(record).rpartition("/")[2].rpartition(":")[2],
        "in_region": str(record.get("awsRegion", "-")),
    }
    if name == "DeleteSecret":
        days = int(asked.get("recoveryWindowInDays") or _DAYS_TO_DELETE)
        gone = asked.get("forceDeleteWithoutRecovery") is True
        later = f"in {days} days and can be restored till then"
        facts["recovery"] = "at once and cannot be restored" if gone else later
    if name == "ScheduleKeyDeletion":
        facts["days"] = int(asked.get("pendingWindowInDays") or _DAYS_TO_DELETE)
    touched = [str(each.get("ARN")) for each in record.get("resources") or ()]
    keys = [asked.get("keyId"), asked.get("targetKeyId"), *(arn for arn in touched if ":key/" in arn)]
    if key := next((str(each) for each in keys if each), None):
        facts["key"] = key.rpartition("/")[2]
    return facts
