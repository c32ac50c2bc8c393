"""Thirty days in which nothing is wrong, seeded.

Twenty workers of the ERP on four instances, which are replaced once; restarts each night and releases by day;
deployments by CloudFormation, one of which adds a service; all rotations with their canaries; people on call, writers
and auditors at work; health each hour, a backup each night; AWS's own services that look at every secret; workflows
that compare; others who use the same account.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.fakes import trail_records as trail
from tests.fakes.trail_records import ACCOUNT, DEPLOYMENT, RECOVERY_REGION, Record, arn, record, role

START = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
DAYS = 30
WORKERS = 20

READ_BY_WORKERS = {
    "database/credentials": ("AWSCURRENT",),
    "jwt/credentials": ("AWSCURRENT", "AWSPREVIOUS"),
    "email/credentials": ("AWSCURRENT",),
    "api/partners/key": ("AWSCURRENT", "AWSPREVIOUS"),
}
"""What the ERP has in use. It does not use ``api/legacy/key`` any more, and ``api/invoices/key`` not yet."""

PATHS = (*READ_BY_WORKERS, "api/payments/key", "api/legacy/key", "admin/credentials")
NEW_SERVICE, NEW_SERVICE_DAY = "api/invoices/key", 18

ROTATIONS = {
    "database/credentials": ("database-rotation", (2,)),
    "jwt/credentials": ("jwt-rotation", (4,)),
    "email/credentials": ("email-rotation", (9,)),
    "api/partners/key": ("api-rotation", (12,)),
    "api/payments/key": ("api-rotation", (21,)),
    "api/legacy/key": ("api-rotation", (26,)),
}
_LINKED_ROLES = (
    ("access-analyzer", "AWSServiceRoleForAccessAnalyzer", "GetResourcePolicy"),
    ("config", "AWSServiceRoleForConfig", "DescribeSecret"),
)
_BUSY_DAY = 10
_OPERATED_DAYS, _RELEASE_DAYS, _DEPLOYMENT_DAYS = (3, 13, 23), (1, 6, 8, 15, 20, 22, 27), (5, 11, NEW_SERVICE_DAY, 25)


class OrdinaryMonth:
    """Yields the records of a month, in no order.

    Args:
        seed: Of everything that is random in it.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - a simulation

    def records(self) -> list[Record]:
        """Return all records."""
        return [each for part in self._parts() for each in part]

    def _parts(self) -> Iterator[Iterator[Record]]:
        for day in range(DAYS):
            at = START + timedelta(days=day)
            yield self._workers(at, day)
            yield self._health(at, day)
            yield self._others(at)
            yield self._night(at, day)
            yield self._services(at, day)
        for day in _DEPLOYMENT_DAYS:
            yield self._deployment(START + timedelta(days=day, hours=10), adds=day == NEW_SERVICE_DAY)
        for path, (duty, days) in ROTATIONS.items():
            for day in days:
                yield self._rotation(
                    path, duty, START + timedelta(days=day, hours=1, minutes=self._random.randrange(60))
                )
        for day in _OPERATED_DAYS:
            yield self._people(START + timedelta(days=day, hours=15))

    def _workers(self, at: datetime, day: int) -> Iterator[Record]:
        """Reads of the workers, thinned out: one refresh in two hours, and every one for five minutes a day.

        On one day every one for ten minutes, which are two whole windows of the watch.
        """
        paths = {**READ_BY_WORKERS, **({NEW_SERVICE: ("AWSCURRENT",)} if day > NEW_SERVICE_DAY else {})}
        busy = self._random.randrange(24 * 60)
        for worker in range(WORKERS):
            identity = self._instance(worker, day)
            minutes = [*range(0, 24 * 60, 120), *(busy + turn * 0.6 for turn in range(8 + 9 * (day == _BUSY_DAY)))]
            for minute in minutes:
                when = at + timedelta(minutes=minute, seconds=self._random.randrange(36))
                yield from self._reads(identity, paths, when)

    def _night(self, at: datetime, day: int) -> Iterator[Record]:
        """A restart of every worker at once, a backup, and on some days a release."""
        restarts = [at + timedelta(hours=4)] + [at + timedelta(hours=14)] * (day in _RELEASE_DAYS)
        for restart in restarts:
            for worker in range(WORKERS):
                identity, when = self._instance(worker, day), restart + timedelta(seconds=self._random.randrange(90))
                asked = {"secretIdList": [f"alees/prod/{path}" for path in READ_BY_WORKERS]}
                yield record(identity, "secretsmanager", "BatchGetSecretValue", asked, when)
                yield from self._reads(identity, READ_BY_WORKERS, when)
        backup = role("alees-prod-backup", "AleesSecretsProd-Backup")
        for number, path in enumerate(path for path in PATHS if path != "admin/credentials"):
            yield trail.read(backup, path, at + timedelta(hours=3, seconds=number), sourceIPAddress="3.120.9.9")

    def _services(self, at: datetime, day: int) -> Iterator[Record]:
        """AWS's services, with their service-linked roles, at every secret; and jobs, each in a session of its own."""
        for service, name, event in _LINKED_ROLES:
            path = f"/aws-service-role/{service}.amazonaws.com/"
            for number, secret in enumerate(PATHS):
                identity = {**role(name, f"{service}-{day}-{number}", path), "invokedBy": f"{service}.amazonaws.com"}
                when = at + timedelta(hours=5, seconds=number)
                yield record(identity, "secretsmanager", event, {"secretId": arn(secret)}, when)
        for number in range(30 if day in _RELEASE_DAYS else 4):
            job = role("alees-prod-application", f"botocore-session-{day}{number:03}")
            yield trail.read(job, "database/credentials", at + timedelta(hours=14, seconds=number))

    def _health(self, at: datetime, day: int) -> Iterator[Record]:
        health = role("alees-prod-health", "AleesSecretsProd-Health")
        known = (path for path in PATHS if path != "admin/credentials")
        paths = (*known, *([NEW_SERVICE] if day > NEW_SERVICE_DAY else []))
        for hour in range(24):
            when = at + timedelta(hours=hour, minutes=7)
            yield record(health, "secretsmanager", "ListSecrets", {"filters": []}, when)
            for path in paths:
                yield record(health, "secretsmanager", "DescribeSecret", {"secretId": arn(path)}, when)

    def _rotation(self, path: str, duty: str, at: datetime) -> Iterator[Record]:
        identity = role(f"alees-prod-{duty}", "AleesSecretsProd-Rotation")
        calls: list[tuple[str, str, Mapping[str, Any] | None]] = [
            ("secretsmanager", "DescribeSecret", {}),
            ("secretsmanager", "GetSecretValue", {"versionStage": "AWSCURRENT"}),
            ("secretsmanager", "GetSecretValue", {"versionStage": "AWSPENDING", "versionId": "new"}),
            ("secretsmanager", "PutSecretValue", {"versionStages": ["AWSPENDING"]}),
            ("secretsmanager", "UpdateSecretVersionStage", {"versionStage": "AWSCURRENT"}),
            ("secretsmanager", "GetSecretValue", {"versionStage": "AWSPREVIOUS"}),
            ("secretsmanager", "GetSecretValue", {"versionId": "new"}),
        ]
        yield _service_event("RotationStarted", path, at)
        for number, (service, event, asked) in enumerate(calls):
            yield record(
                identity, service, event, {"secretId": arn(path), **(asked or {})}, at + timedelta(seconds=number)
            )
        if duty == "database-rotation":
            admin = {"secretId": "rds!cluster-11111111-2222-3333-4444-555555555555"}
            yield record(identity, "secretsmanager", "GetSecretValue", admin, at)
        if duty == "email-rotation":
            for event in ("CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"):
                yield record(identity, "iam", event, {"userName": "alees-prod-smtp"}, at)
        yield _service_event("RotationSucceeded", path, at + timedelta(seconds=9))

    def _deployment(self, at: datetime, *, adds: bool) -> Iterator[Record]:
        key, function = {"keyId": KEY_ID}, {"functionName": "AleesSecretsProd-DatabaseRotationFunctionB8FA-Kq1x"}
        made = {"name": f"alees/prod/{NEW_SERVICE}"}
        yield record(role("alees-ci-deploy", "deploy", "/alees/"), "sts", "AssumeRole", {"roleArn": CDK_ROLE}, at)
        calls: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
            ("secretsmanager", "PutResourcePolicy", {"secretId": arn("jwt/credentials")}),
            ("secretsmanager", "TagResource", {"secretId": arn("admin/credentials")}),
            ("secretsmanager", "RotateSecret", {"secretId": arn("jwt/credentials"), "rotationRules": {}}),
            ("kms", "PutKeyPolicy", key),
            ("iam", "PutRolePolicy", {"roleName": "alees-prod-application"}),
            ("iam", "UpdateAssumeRolePolicy", {"roleName": "alees-prod-operator"}),
            ("iam", "CreatePolicyVersion", {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/alees/alees-boundary"}),
            ("events", "PutRule", {"name": "AleesSecretsProd-AlertsRule12"}),
            ("monitoring", "PutMetricAlarm", {"alarmName": "AleesSecretsProd-Alarm12"}),
            ("logs", "PutSubscriptionFilter", {"logGroupName": "/alees/trail"}),
            ("lambda", "UpdateFunctionCode20150331v2", function),
            *([("secretsmanager", "CreateSecret", made)] if adds else []),
        )
        for service, event, asked in calls:
            yield record(DEPLOYMENT, service, event, asked, at)
        replicated = trail.service("secretsmanager")
        yield record(
            replicated,
            "secretsmanager",
            "TagResource",
            {"secretId": arn("jwt/credentials")},
            at,
            awsRegion=RECOVERY_REGION,
        )
        if adds:
            yield from self._rotation(NEW_SERVICE, "api-rotation", at + timedelta(minutes=1))
            for worker in range(WORKERS):
                yield trail.read(self._instance(worker, NEW_SERVICE_DAY), NEW_SERVICE, at + timedelta(minutes=20))

    def _people(self, at: datetime) -> Iterator[Record]:
        operator, writer = (
            role("alees-prod-operator", "otto@alees.example"),
            role("alees-prod-writer", "wera@alees.example"),
        )
        auditor = role("alees-prod-auditor", "ada@alees.example")
        yield record(
            trail.ADMINISTRATOR,
            "sts",
            "AssumeRole",
            {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/alees/prod/alees-prod-operator"},
            at,
        )
        for identity, event, path in (
            (operator, "DescribeSecret", "database/credentials"),
            (operator, "RotateSecret", "database/credentials"),
            (operator, "ListSecretVersionIds", "database/credentials"),
            (writer, "DescribeSecret", "email/credentials"),
            (writer, "PutSecretValue", "email/credentials"),
            (writer, "TagResource", "email/credentials"),
            (role("alees-prod-jwt-rotation", "by-hand"), "TagResource", "jwt/credentials"),
        ):
            yield record(identity, "secretsmanager", event, {"secretId": f"alees/prod/{path}"}, at)
        yield from self._rotation("database/credentials", "database-rotation", at + timedelta(minutes=1))
        for path in PATHS:
            for event in ("DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds"):
                yield record(auditor, "secretsmanager", event, {"secretId": arn(path)}, at)
        yield record(trail.ADMINISTRATOR, "secretsmanager", "ListSecrets", {}, at)
        yield record(role("alees-ci-diff", "workflow", "/alees/"), "cloudformation", "GetTemplate", {}, at)

    def _others(self, at: datetime) -> Iterator[Record]:
        """What else happens in the account."""
        stranger, staging = role("warehouse-app", path="/"), role("alees-staging-application", path="/alees/staging/")
        mine, denial = (
            {"secretId": "warehouse/db"},
            trail.refused(stranger, "secretsmanager:GetSecretValue", "warehouse/x"),
        )
        for hour in range(24):
            when = at + timedelta(hours=hour, minutes=self._random.randrange(60))
            yield record(stranger, "secretsmanager", "GetSecretValue", mine, when)
            yield record(
                staging, "secretsmanager", "GetSecretValue", {"secretId": "alees/staging/jwt/credentials"}, when
            )
            yield record(
                trail.service("ec2"),
                "sts",
                "AssumeRole",
                {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/alees/prod/alees-prod-application"},
                when,
            )
            yield record(trail.service("rds"), "kms", "CreateGrant", {"keyId": "others"}, when, readOnly=False)
        yield record(stranger, "secretsmanager", "GetSecretValue", None, at + timedelta(hours=12), **denial)
        yield record(
            stranger,
            "kms",
            "Decrypt",
            None,
            at + timedelta(hours=12),
            **trail.refused(stranger, "kms:Decrypt", f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/others"),
        )
        yield record(
            trail.ADMINISTRATOR, "iam", "AttachRolePolicy", {"roleName": "warehouse-app"}, at + timedelta(hours=13)
        )

    def _reads(self, identity: Record, paths: Mapping[str, tuple[str, ...]], at: datetime) -> Iterator[Record]:
        for path, stages in paths.items():
            for stage in stages:
                asked = {"secretId": f"alees/prod/{path}", "versionStage": stage}
                yield record(identity, "secretsmanager", "GetSecretValue", asked, at)

    def _instance(self, worker: int, day: int) -> Record:
        """Return the identity of the instance that a worker is on; all are replaced in the middle of the month."""
        return role("alees-prod-application", f"i-0a1b2c3d4e5f6{worker % 4}{int(day > DAYS // 2)}")


KEY_ID = "0d7e6a52-1111-2222-3333-444455556666"
CDK_ROLE = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-deploy-role-{ACCOUNT}-eu-central-1"


def _service_event(name: str, path: str, at: datetime) -> Record:
    data = {"SecretId": arn(path)}
    identity = {"accountId": ACCOUNT, "invokedBy": "secretsmanager.amazonaws.com"}
    more = {"eventType": "AwsServiceEvent", "additionalEventData": data, "readOnly": False}
    return record(identity, "secretsmanager", name, None, at, **more)
