"""What goes wrong in a month, each with the alerts that tell it and within how many minutes.

CloudTrail brings a call to its log group within fifteen minutes, and to EventBridge within as many
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html), so that nothing is
told sooner for sure. What takes several calls is told when enough of them have come.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitoring_handlers.access_watch.habits import LEARNING, MOST_READS
from tests.fakes import trail_records as trail
from tests.fakes.trail_records import ACCOUNT, DEPLOYMENT, RECOVERY_REGION, Record, arn, record, refused, role
from tests.unit.monitoring_handlers.simulation.ordinary import KEY_ID

DATABASE = "database/credentials"
MINUTES = 15
TRIES = 12
EVER_NEW = "denied reads in ever-new sessions"
_ROLES = f"arn:aws:iam::{ACCOUNT}:role/alees/prod"
_KEY_ARN = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/{KEY_ID}"
_FUNCTION = {"functionName": "AleesSecretsProd-DatabaseRotationFunctionB8FA-Kq1x"}
_AWAY: Mapping[str, Any] = {"awsRegion": RECOVERY_REGION}

Records = list[Record]
Makes = Callable[[datetime, Record], Records]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One thing that goes wrong.

    Attributes:
        name: What.
        alerts: All that must be told of it.
        records: Makes its records from the time when it begins, and from who it is.
        who: The identity of the one who does it, made from a session's name of its own.
        minutes: Within how many it is told, from the call on that makes it known.
        after_days: It is known as such only so long after the watching began.
    """

    name: str
    alerts: tuple[str, ...]
    records: Makes
    who: Callable[[str], Record]
    minutes: int = MINUTES
    after_days: int = 0


def _stranger(session: str) -> Record:
    return role("AWSReservedSSO_Administrator_00000000000000aa", session, "/aws-reserved/")


def _application(session: str) -> Record:
    return role("alees-prod-application", session)


def _operator(session: str) -> Record:
    return role("alees-prod-operator", session)


def _staging(session: str) -> Record:
    return role("alees-staging-application", session, "/alees/staging/")


def _user(session: str) -> Record:
    return trail.user(session)


def _deployment(_session: str) -> Record:
    return DEPLOYMENT


def _call(service: str, event: str, asked: Mapping[str, Any] | None, **more: Any) -> Makes:
    return lambda at, who: [record(who, service, event, asked, at, **more)]


def _denied(service: str, event: str, asked: Mapping[str, Any] | None, resource: str) -> Makes:
    return lambda at, who: [record(who, service, event, asked, at, **refused(who, f"{service}:{event}", resource))]


def _read(path: str, **more: Any) -> Makes:
    return lambda at, who: [trail.read(who, path, at, **more)]


def _refused_batch(at: datetime, who: Record) -> Records:
    paths = (DATABASE, "jwt/credentials", "email/credentials", "api/partners/key")
    asked = {"secretIdList": [arn(path) for path in paths]}
    each = (trail.read(who, path, at, **refused(who, "secretsmanager:GetSecretValue", arn(path))) for path in paths)
    return [record(who, "secretsmanager", "BatchGetSecretValue", asked, at), *each]


def _tampered_read(at: datetime, who: Record) -> Records:
    asked = {"secretId": arn(DATABASE), "blockPublicPolicy": False}
    return [
        record(who, "secretsmanager", "PutResourcePolicy", asked, at),
        trail.read(who, DATABASE, at + timedelta(minutes=2)),
    ]


def _burst(at: datetime, who: Record) -> Records:
    """Ten reads a second for ten minutes: more than a window's bound, wherever windows begin."""
    reads = 6 * MOST_READS
    return [trail.read(who, DATABASE, at + timedelta(seconds=number / 10)) for number in range(reads)]


def _walk(at: datetime, who: Record) -> Records:
    """One secret an hour of those that the role may read and never did."""
    paths = ("api/payments/key", "api/legacy/key")
    return [trail.read(who, path, at + timedelta(hours=number)) for number, path in enumerate(paths)]


def _trickle(at: datetime, who: Record) -> Records:
    """A read every two hours with a server's credentials, from elsewhere."""
    return [
        trail.read(who, DATABASE, at + timedelta(hours=2 * number), sourceIPAddress="198.51.100.23")
        for number in range(6)
    ]


def _ever_new(at: datetime, who: Record) -> Records:
    """A refused read every two minutes, each in a session with a new name."""
    session = str(who["arn"]).rpartition("/")[2]
    callers = [_stranger(f"{session}={number}") for number in range(TRIES)]
    more = [refused(caller, "secretsmanager:GetSecretValue", arn(DATABASE)) for caller in callers]
    return [
        trail.read(caller, DATABASE, at + timedelta(minutes=2 * number), **more[number])
        for number, caller in enumerate(callers)
    ]


_HONEY = {"secretId": "alees/prod/admin/credentials"}
_DATABASE, _REPLICA = {"secretId": arn(DATABASE)}, {"secretId": arn(DATABASE, RECOVERY_REGION)}
_BREAK_GLASS = {"roleArn": f"{_ROLES}/alees-prod-break-glass", "roleSessionName": "x"}
_BOUNDARY = {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/alees/alees-boundary"}
_CONTEXT = {"encryptionContext": {"SecretARN": arn("jwt/credentials")}}
_VERSION = {"secretId": "alees/prod/jwt/credentials", "versionId": "4f1c"}
_FILTERS = {"filters": [{"key": "name", "values": ["alees/"]}]}
_KEY, _KEY_BY_ARN = {"keyId": KEY_ID}, {"keyId": _KEY_ARN}
_JWT = arn("jwt/credentials")


def _attack(name: str, alerts: str, records: Makes, who: Callable[[str], Record] = _stranger, **more: int) -> Attack:
    return Attack(name=name, alerts=tuple(alerts.split()), records=records, who=who, **more)


def _secrets(event: str, asked: Mapping[str, Any] | None, **more: Any) -> Makes:
    return _call("secretsmanager", event, asked, **more)


def _refused(asked: Mapping[str, Any] | None, resource: str, event: str = "GetSecretValue") -> Makes:
    return _denied("secretsmanager", event, asked, resource)


def _iam(event: str, **asked: str) -> Makes:
    return _call("iam", event, asked)


READS = (
    _attack("honey secret read", "honey-touched", _refused(_HONEY, arn("admin/credentials"))),
    _attack("honey secret described", "honey-touched", _secrets("DescribeSecret", _HONEY), _operator),
    _attack("denied read by a user", "read-denied", _refused(None, arn(DATABASE)), _user),
    _attack("denied decrypt by context", "decrypt-denied", _denied("kms", "Decrypt", _CONTEXT, _KEY_ARN)),
    _attack("denied decrypt by key", "decrypt-denied", _denied("kms", "Decrypt", None, _KEY_ARN), _user),
    _attack("read after a policy was changed", "policy-changed stranger-read", _tampered_read, minutes=MINUTES + 2),
    _attack("root reads", "stranger-read", _read("email/credentials"), lambda _: trail.ROOT),
    _attack("a template's dynamic reference", "stranger-read", _read("jwt/credentials"), _deployment),
    _attack("burst from one instance", "read-burst", _burst, _application, minutes=MINUTES + 5),
    _attack(
        "slow walk through API keys",
        "first-reader",
        _walk,
        _application,
        after_days=LEARNING.days,
    ),
    _attack("slow reads from elsewhere", "outside-network", _trickle, _application),
    _attack("another environment's role, denied", "read-denied", _refused(_DATABASE, arn(DATABASE)), _staging),
    _attack("another environment's role", "stranger-read", _read(DATABASE), _staging),
    _attack("denied read by version id", "read-denied", _refused(_VERSION, _JWT), _application),
    _attack("read by version id", "stranger-read", _secrets("GetSecretValue", _VERSION), _application),
    _attack("denied batch, secret by secret", "read-denied", _refused_batch),
    _attack("denied batch by filters", "read-denied", _refused(_FILTERS, "*", "BatchGetSecretValue"), _user),
    _attack(EVER_NEW, "read-denied", _ever_new),
    _attack("replica read", "stranger-read", _secrets("GetSecretValue", _REPLICA, **_AWAY)),
)

ROLES = (
    _attack("break-glass", "break-glass-used", _call("sts", "AssumeRole", _BREAK_GLASS)),
    _attack("break-glass elsewhere", "break-glass-used", _call("sts", "AssumeRole", _BREAK_GLASS, **_AWAY)),
    _attack("trust of a role", "role-changed", _iam("UpdateAssumeRolePolicy", roleName="alees-prod-application")),
    _attack("policy attached", "role-changed", _iam("AttachRolePolicy", roleName="alees-prod-auditor")),
    _attack("boundary taken off", "role-changed", _iam("DeleteRolePermissionsBoundary", roleName="alees-prod-writer")),
    _attack("boundary widened", "role-changed", _call("iam", "CreatePolicyVersion", _BOUNDARY)),
    _attack("access key for the mail user", "role-changed", _iam("CreateAccessKey", userName="alees-prod-smtp")),
)

_LABEL = {**_DATABASE, "versionStage": "AWSCURRENT", "moveToVersionId": "4f1c"}

WRITES = (
    _attack("stranger puts a value", "stranger-write", _secrets("PutSecretValue", _DATABASE)),
    _attack("stranger moves a label", "stranger-write", _secrets("UpdateSecretVersionStage", _LABEL)),
)

TAMPERING = (
    _attack("replica's key disabled", "key-disabled", _call("kms", "DisableKey", _KEY, **_AWAY)),
    _attack("replica's policy deleted", "policy-changed", _secrets("DeleteResourcePolicy", _REPLICA, **_AWAY)),
    _attack("trail stopped", "trail-changed", _call("cloudtrail", "StopLogging", {"name": "alees-secrets"})),
    _attack("resource policy changed", "policy-changed", _secrets("PutResourcePolicy", _DATABASE)),
    _attack("key policy changed", "key-policy-changed", _call("kms", "PutKeyPolicy", _KEY)),
    _attack("key disabled", "key-disabled", _call("kms", "DisableKey", _KEY_BY_ARN)),
    _attack("key's deletion scheduled", "key-deletion-scheduled", _call("kms", "ScheduleKeyDeletion", _KEY)),
    _attack("rotation switched off", "rotation-off", _secrets("CancelRotateSecret", _DATABASE)),
    _attack("secret deleted", "secret-deleted", _secrets("DeleteSecret", _DATABASE)),
    _attack("secret deleted by a deployment", "secret-deleted", _secrets("DeleteSecret", _DATABASE), _deployment),
    _attack("a function's code", "rotation-changed", _call("lambda", "UpdateFunctionCode20150331v2", _FUNCTION)),
    _attack(
        "subscription deleted",
        "watching-changed",
        _call("logs", "DeleteSubscriptionFilter", {"logGroupName": "/alees/trail"}),
    ),
    _attack(
        "alarm deleted",
        "watching-changed",
        _call("monitoring", "DeleteAlarms", {"alarmNames": ["AleesSecretsProd-Alarm12"]}),
    ),
)

ATTACKS: tuple[Attack, ...] = (*READS, *WRITES, *ROLES, *TAMPERING)
"""Each by somebody with a name of their own, so that what is told can be laid to the one or the other."""
