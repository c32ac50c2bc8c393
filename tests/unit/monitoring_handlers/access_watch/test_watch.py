"""What calls mean: strangers, refusals, what nobody may touch, emergencies, changed roles, and habits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.environments import prod
from monitoring_handlers.access_watch.habits import LEARNING, MOST_READS
from tests.fakes import trail_records as trail
from tests.fakes.trail_records import (
    ACCOUNT,
    ADMINISTRATOR,
    APPLICATION,
    DEPLOYMENT,
    NOW,
    RECOVERY_REGION,
    ROOT,
    Record,
    arn,
    record,
    refused,
    role,
)
from tests.fakes.watching import KEY, FakeMemory, new_watch

HONEY = "admin/credentials"
JWT_ROTATION = role("alees-prod-jwt-rotation", "AleesSecretsProd-JwtRotation")
AUDITOR = role("alees-prod-auditor", "ada@alees.example")
WRITER = role("alees-prod-writer", "wera@alees.example")
BREAK_GLASS = "alees-prod-break-glass"
_LINKED = "/aws-service-role/"


def _alerts(*records: Record) -> list[tuple[str, str]]:
    return [(found.alert, found.about) for found in new_watch().judge(records).findings]


def _about(identity: Record, event: str, path: str, **more: Any) -> Record:
    return record(identity, "secretsmanager", event, {"secretId": f"alees/prod/{path}"}, **more)


@pytest.mark.parametrize(
    ("identity", "path", "asked"),
    [
        (APPLICATION, "database/credentials", {}),
        (APPLICATION, "database/credentials", {"versionStage": "AWSPREVIOUS"}),
        (APPLICATION, "api/partners/key", {}),
        (JWT_ROTATION, "jwt/credentials", {"versionId": "v", "versionStage": "AWSPENDING"}),
        (role(BREAK_GLASS), "jwt/credentials", {"versionId": "v"}),
    ],
)
def test_nothing_is_told_when_a_read_is_as_the_matrix_has_it(identity: Any, path: str, asked: Any) -> None:
    given = {"secretId": f"alees/prod/{path}", **asked}
    assert _alerts(record(identity, "secretsmanager", "GetSecretValue", given)) == []


@pytest.mark.parametrize(
    "identity",
    [
        ADMINISTRATOR,
        ROOT,
        AUDITOR,
        trail.user("eve"),
        trail.service("rds"),
        DEPLOYMENT,
        JWT_ROTATION,
        role("alees-staging-application", path="/alees/staging/"),
        role("alees-prod-application", path="/elsewhere/"),
    ],
)
def test_a_stranger_is_told_when_they_read(identity: Record) -> None:
    assert _alerts(trail.read(identity, "database/credentials")) == [
        ("stranger-read", "alees/prod/database/credentials")
    ]


@pytest.mark.parametrize("asked", [{"versionId": "v"}, {"versionStage": "AWSPENDING"}, {"versionStage": "mine"}])
def test_a_version_is_told_when_the_matrix_does_not_admit_it(asked: Record) -> None:
    given = {"secretId": arn("jwt/credentials"), **asked}
    assert _alerts(record(APPLICATION, "secretsmanager", "GetSecretValue", given)) == [
        ("stranger-read", "alees/prod/jwt/credentials")
    ]


@pytest.mark.parametrize(
    "event",
    [
        *("CreateSecret", "PutSecretValue", "RestoreSecret", "UpdateSecret", "UpdateSecretVersionStage"),
        *("RemoveRegionsFromReplication", "ReplicateSecretToRegions", "StopReplicationToReplica"),
    ],
)
@pytest.mark.parametrize("identity", [ADMINISTRATOR, ROOT, AUDITOR, APPLICATION, trail.user("eve")])
def test_a_stranger_is_told_when_they_write(identity: Record, event: str) -> None:
    name = "alees/prod/jwt/credentials"
    asked = {"name" if event == "CreateSecret" else "secretId": name}
    assert _alerts(record(identity, "secretsmanager", event, asked)) == [("stranger-write", name)]
    for given in (DEPLOYMENT, trail.service("secretsmanager"), role(BREAK_GLASS)):
        assert _alerts(record(given, "secretsmanager", event, asked)) == []


@pytest.mark.parametrize(
    ("identity", "event", "path"),
    [
        (JWT_ROTATION, "PutSecretValue", "jwt/credentials"),
        (JWT_ROTATION, "UpdateSecretVersionStage", "jwt/credentials"),
        (role("alees-prod-api-rotation"), "PutSecretValue", "api/partners/key"),
        (WRITER, "PutSecretValue", "email/credentials"),
        (WRITER, "CreateSecret", "api/new/key"),
        (ADMINISTRATOR, "TagResource", "jwt/credentials"),
        (ADMINISTRATOR, "DescribeSecret", "jwt/credentials"),
    ],
)
def test_nothing_is_told_when_a_change_is_as_the_matrix_has_it(identity: Record, event: str, path: str) -> None:
    assert _alerts(_about(identity, event, path)) == []


@pytest.mark.parametrize(
    ("identity", "event", "path"),
    [
        (JWT_ROTATION, "PutSecretValue", "database/credentials"),
        (JWT_ROTATION, "ReplicateSecretToRegions", "jwt/credentials"),
        (WRITER, "UpdateSecretVersionStage", "jwt/credentials"),
        (role("alees-prod-operator"), "PutSecretValue", "jwt/credentials"),
        (role("alees-staging-writer", path="/alees/staging/"), "PutSecretValue", "jwt/credentials"),
    ],
)
def test_a_change_is_told_when_it_is_not_as_the_matrix_has_it(identity: Record, event: str, path: str) -> None:
    assert _alerts(_about(identity, event, path)) == [("stranger-write", f"alees/prod/{path}")]


def test_nothing_is_told_when_a_write_is_refused() -> None:
    denial = refused(ADMINISTRATOR, "secretsmanager:PutSecretValue", arn("jwt/credentials"))
    assert _alerts(_about(ADMINISTRATOR, "PutSecretValue", "jwt/credentials", **denial)) == []


def test_a_read_in_the_replicas_region_is_judged_alike() -> None:
    given = {"secretId": arn("jwt/credentials", region=RECOVERY_REGION)}
    away: Record = {"awsRegion": RECOVERY_REGION}
    assert _alerts(record(APPLICATION, "secretsmanager", "GetSecretValue", given, **away)) == []
    assert _alerts(record(ADMINISTRATOR, "secretsmanager", "GetSecretValue", given, **away)) == [
        ("stranger-read", "alees/prod/jwt/credentials")
    ]


def test_nothing_is_told_of_other_environments_and_accounts() -> None:
    others = record(ROOT, "secretsmanager", "GetSecretValue", {"secretId": "alees/staging/jwt/credentials"})
    away = trail.read(ROOT, "jwt/credentials", recipientAccountId="999999999999")
    judged = new_watch().judge([others, away])
    assert judged.findings == []
    assert judged.counts == {"WatchedRecords": 1, "Reads": 0, "DeniedReads": 0}


def test_a_refused_read_is_told_and_counted() -> None:
    denial = refused(ADMINISTRATOR, "secretsmanager:GetSecretValue", "alees/prod/jwt/credentials")
    judged = new_watch().judge([trail.read(ADMINISTRATOR, "jwt/credentials", **denial)])
    (found,) = judged.findings
    assert (found.alert, found.about, found.by) == ("read-denied", "alees/prod/jwt/credentials", ADMINISTRATOR["arn"])
    assert found.facts["source"] == "10.1.2.3"
    assert found.facts["user"] == "ada@alees.example"
    assert judged.counts == {"WatchedRecords": 1, "Reads": 0, "DeniedReads": 1}


def test_a_read_that_kms_refuses_is_counted_once() -> None:
    answer: Record = {"errorCode": "AccessDeniedException", "errorMessage": "Access to KMS is not allowed"}
    read = trail.read(APPLICATION, "jwt/credentials", **answer)
    asked = {"encryptionContext": {"SecretARN": arn("jwt/credentials")}}
    denial = refused(APPLICATION, "kms:Decrypt", "*")
    behind = record({**APPLICATION, "invokedBy": "secretsmanager.amazonaws.com"}, "kms", "Decrypt", asked, **denial)
    assert new_watch().judge([read, behind]).counts["DeniedReads"] == 1
    assert new_watch().judge([record(ADMINISTRATOR, "kms", "Decrypt", asked, **denial)]).counts["DeniedReads"] == 1


def test_refusals_of_a_batch_are_told_once() -> None:
    paths = ("jwt/credentials", "database/credentials", "email/credentials")
    denials = [
        trail.read(ADMINISTRATOR, path, **refused(ADMINISTRATOR, "secretsmanager:GetSecretValue", arn(path)))
        for path in paths
    ]
    (found,) = new_watch().judge(denials).findings
    assert (found.about, found.facts["times"]) == ("alees/prod/*", 3)
    assert found.facts["secrets"] == ", ".join(f"alees/prod/{path}" for path in paths)


@pytest.mark.parametrize("asked", [None, {"secretIdList": [arn("jwt/credentials"), arn("email/credentials")]}])
def test_a_batch_is_told_when_it_is_refused_as_a_whole(asked: Any) -> None:
    denial = refused(ADMINISTRATOR, "secretsmanager:BatchGetSecretValue", "*")
    batch = record(ADMINISTRATOR, "secretsmanager", "BatchGetSecretValue", asked, **denial)
    assert _alerts(batch) == [("read-denied", "alees/prod/*")]


def test_each_secret_of_a_batch_is_counted_once() -> None:
    names = ["alees/prod/jwt/credentials", "alees/prod/database/credentials"]
    batch = record(APPLICATION, "secretsmanager", "BatchGetSecretValue", {"secretIdList": names})
    reads = [record(APPLICATION, "secretsmanager", "GetSecretValue", {"secretId": name}) for name in names]
    assert new_watch().judge([batch, *reads, reads[0]]).counts["Reads"] == 2


@pytest.mark.parametrize(
    "call",
    [
        _about(ADMINISTRATOR, "GetSecretValue", HONEY),
        trail.read(ADMINISTRATOR, HONEY, **refused(ADMINISTRATOR, "secretsmanager:GetSecretValue", arn(HONEY))),
        _about(role(BREAK_GLASS), "GetSecretValue", HONEY),
        _about(AUDITOR, "GetSecretValue", HONEY),
        _about(ADMINISTRATOR, "DescribeSecret", HONEY),
        _about(role("alees-prod-writer"), "PutSecretValue", HONEY),
        _about(ROOT, "PutResourcePolicy", HONEY),
        _about(trail.role("AWSServiceRoleForConfig", "x", _LINKED + "config/"), "GetSecretValue", HONEY),
        _about(trail.role("AWSServiceRoleForConfig", "x", "/mine/"), "DescribeSecret", HONEY),
        record(APPLICATION, "secretsmanager", "BatchGetSecretValue", {"secretIdList": [arn(HONEY)]}),
        record(
            ROOT, "kms", "Decrypt", {"encryptionContext": {"SecretARN": arn(HONEY)}}, **refused(ROOT, "kms:Decrypt", "")
        ),
    ],
)
def test_the_honey_secret_is_told_when_it_is_touched(call: Record) -> None:
    assert _alerts(call) == [("honey-touched", f"alees/prod/{HONEY}")]


@pytest.mark.parametrize(
    "call",
    [
        _about(AUDITOR, "DescribeSecret", HONEY),
        _about(AUDITOR, "GetResourcePolicy", HONEY),
        _about(DEPLOYMENT, "PutResourcePolicy", HONEY),
        _about(DEPLOYMENT, "TagResource", HONEY),
        _about(trail.service("secretsmanager"), "ReplicateSecretVersion", HONEY),
        _about(
            trail.role("AWSServiceRoleForConfig", "AWSConfig-Describe", _LINKED + "config/"), "DescribeSecret", HONEY
        ),
        _about(trail.role("AWSServiceRoleForAccessAnalyzer", "x", _LINKED + "x/"), "GetResourcePolicy", HONEY),
        record(ADMINISTRATOR, "secretsmanager", "ListSecrets", {}),
    ],
)
def test_nothing_is_told_when_the_honey_secret_is_looked_after(call: Record) -> None:
    assert _alerts(call) == []


@pytest.mark.parametrize(
    ("asked", "resource", "about"),
    [
        ({"encryptionContext": {"SecretARN": arn("jwt/credentials")}}, "*", "alees/prod/jwt/credentials"),
        (None, f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/{KEY}", "alias/alees/prod/database"),
        ({"keyId": "alias/alees/prod/database"}, "*", "alias/alees/prod/database"),
        ({"keyId": f"arn:aws:kms:eu-central-1:{ACCOUNT}:alias/alees/prod/jwt"}, "*", "alias/alees/prod/jwt"),
    ],
)
def test_a_refused_use_of_a_key_is_told(asked: Any, resource: str, about: str) -> None:
    call = record(ADMINISTRATOR, "kms", "Decrypt", asked, **refused(ADMINISTRATOR, "kms:Decrypt", resource))
    assert _alerts(call) == [("decrypt-denied", about)]


def test_nothing_is_told_when_a_key_of_others_is_refused_or_ours_is_only_looked_at() -> None:
    others = refused(ADMINISTRATOR, "kms:Decrypt", f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/others")
    looked = refused(ADMINISTRATOR, "kms:DescribeKey", f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/{KEY}")
    assert _alerts(record(ADMINISTRATOR, "kms", "Decrypt", None, **others)) == []
    away = {"keyId": "arn:aws:kms:eu-central-1:999999999999:alias/alees/prod/jwt"}
    assert _alerts(record(ADMINISTRATOR, "kms", "Decrypt", away, **others)) == []
    assert _alerts(record(ADMINISTRATOR, "kms", "Decrypt", {"keyId": "alias/alees/dev/jwt"}, **others)) == []
    assert _alerts(record(ADMINISTRATOR, "kms", "DescribeKey", None, **looked)) == []


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_break_glass_is_told_when_somebody_takes_it_on(region: str) -> None:
    asked = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/alees/prod/{BREAK_GLASS}", "roleSessionName": "x"}
    call = record(ADMINISTRATOR, "sts", "AssumeRole", asked, awsRegion=region)
    assert _alerts(call) == [("break-glass-used", BREAK_GLASS)]


def test_nothing_is_told_when_another_role_is_taken_on_or_break_glass_is_refused() -> None:
    roles = f"arn:aws:iam::{ACCOUNT}:role/alees"
    other = {"roleArn": f"{roles}/staging/alees-staging-break-glass"}
    asked, denial = {"roleArn": f"{roles}/prod/{BREAK_GLASS}"}, refused(ADMINISTRATOR, "sts:AssumeRole", "x")
    assert _alerts(record(ADMINISTRATOR, "sts", "AssumeRole", other)) == []
    assert _alerts(record(ADMINISTRATOR, "sts", "AssumeRole", asked, **denial)) == []


@pytest.mark.parametrize(
    ("event", "asked", "about"),
    [
        ("UpdateAssumeRolePolicy", {"roleName": "alees-prod-application"}, "alees-prod-application"),
        (
            "AttachRolePolicy",
            {"roleName": "alees-prod-operator", "policyArn": "arn:aws:iam::aws:policy/X"},
            "alees-prod-operator",
        ),
        ("DeleteRolePermissionsBoundary", {"roleName": "alees-prod-writer"}, "alees-prod-writer"),
        ("AddRoleToInstanceProfile", {"roleName": "alees-prod-application"}, "alees-prod-application"),
        ("CreateAccessKey", {"userName": "alees-prod-smtp"}, "alees-prod-smtp"),
        ("PutUserPolicy", {"userName": "alees-prod-smtp"}, "alees-prod-smtp"),
        (
            "CreatePolicyVersion",
            {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/alees/alees-boundary"},
            "alees-boundary",
        ),
        ("PutRolePolicy", {"roleName": "alees-ci-deploy"}, "alees-ci-deploy"),
    ],
)
def test_a_change_of_our_roles_is_told_unless_it_was_deployed(event: str, asked: Record, about: str) -> None:
    assert _alerts(record(ADMINISTRATOR, "iam", event, asked)) == [("role-changed", about)]
    assert _alerts(record(DEPLOYMENT, "iam", event, asked)) == []
    assert _alerts(record(ADMINISTRATOR, "iam", event, asked, **refused(ADMINISTRATOR, "iam:X", about))) == []


@pytest.mark.parametrize(
    "call",
    [
        record(ADMINISTRATOR, "iam", "PutRolePolicy", {"roleName": "alees-staging-application"}),
        record(ADMINISTRATOR, "iam", "TagRole", {"roleName": "alees-prod-application"}),
        record(ADMINISTRATOR, "iam", "ListRolePolicies", {"roleName": "alees-prod-application"}),
        record(role("alees-prod-email-rotation"), "iam", "CreateAccessKey", {"userName": "alees-prod-smtp"}),
        record(ADMINISTRATOR, "iam", "AttachUserPolicy", {"userName": "x", "policyArn": "arn:aws:iam::aws:policy/X"}),
    ],
)
def test_nothing_is_told_of_ordinary_calls_of_iam(call: Record) -> None:
    assert _alerts(call) == []


def test_tampering_is_told_when_it_happens_in_another_region() -> None:
    disabled = record(ADMINISTRATOR, "kms", "DisableKey", {"keyId": KEY}, awsRegion=RECOVERY_REGION)
    assert [alert for alert, _ in _alerts(disabled)] == ["key-disabled"]
    assert _alerts({**disabled, "awsRegion": "eu-central-1"}) == []  # EventBridge brings it to alerting


def test_a_read_is_told_when_it_comes_from_outside_the_declared_networks() -> None:
    watch = new_watch(replace(prod(), known_networks=("10.1.0.0/16", "vpce-0123456789abcdef0")))
    inside = trail.read(APPLICATION, "jwt/credentials")
    through = {**inside, "eventID": "2", "sourceIPAddress": "172.31.0.1", "vpcEndpointId": "vpce-0123456789abcdef0"}
    mail = trail.read(role("alees-prod-email-rotation"), "email/credentials", sourceIPAddress="3.120.0.1")
    outside = {**inside, "eventID": "3", "sourceIPAddress": "203.0.113.7"}
    assert watch.judge([inside, through, mail]).findings == []
    (found,) = watch.judge([outside]).findings
    assert (found.alert, found.facts["source"]) == ("outside-network", "203.0.113.7")
    assert new_watch().judge([outside]).findings == []


def test_a_burst_is_told_when_a_window_has_too_many_reads() -> None:
    watch = new_watch()
    reads = [trail.read(APPLICATION, "jwt/credentials") for _ in range(MOST_READS)]
    assert watch.judge(reads[: MOST_READS // 2]).findings == []
    assert watch.judge(reads[MOST_READS // 2 :]).findings == []
    (found,) = watch.judge([trail.read(APPLICATION, "jwt/credentials")]).findings
    assert (found.alert, found.facts["times"]) == ("read-burst", MOST_READS + 1)
    later = trail.read(APPLICATION, "jwt/credentials", NOW + timedelta(minutes=5))
    assert watch.judge([later]).findings == []


def test_a_first_read_is_told_when_secret_and_reader_have_long_been_known() -> None:
    watch, late = new_watch(), NOW + LEARNING
    known = [
        trail.read(APPLICATION, "jwt/credentials"),
        _about(DEPLOYMENT, "TagResource", "api/payments/key"),
    ]
    assert watch.judge(known).findings == []
    assert watch.judge([trail.read(APPLICATION, "jwt/credentials", late)]).findings == []
    first = trail.read(APPLICATION, "api/payments/key", late)
    assert [found.alert for found in watch.judge([first]).findings] == ["first-reader"]
    assert [found.alert for found in watch.judge([first]).findings] == ["first-reader"]  # a second try
    again = trail.read(APPLICATION, "api/payments/key", late + timedelta(seconds=1))
    assert watch.judge([again]).findings == []


@pytest.mark.parametrize("seen_first", ["the secret", "the reader", "neither"])
def test_a_first_read_is_learned_when_secret_or_reader_is_new(seen_first: str) -> None:
    watch, late = new_watch(), NOW + LEARNING
    if seen_first == "the secret":
        watch.judge([_about(DEPLOYMENT, "TagResource", "api/new/key")])
    if seen_first == "the reader":
        watch.judge([trail.read(APPLICATION, "jwt/credentials")])
    assert watch.judge([trail.read(APPLICATION, "api/new/key", late)]).findings == []


def test_a_first_read_is_no_news_when_a_function_rotates() -> None:
    watch = new_watch()
    rotation = role("alees-prod-api-rotation")
    watch.judge([trail.read(rotation, "api/partners/key"), _about(DEPLOYMENT, "TagResource", "api/payments/key")])
    assert watch.judge([trail.read(rotation, "api/payments/key", NOW + 3 * LEARNING)]).findings == []


def test_nothing_is_remembered_of_secrets_that_were_asked_for_in_vain() -> None:
    memory = FakeMemory()
    call = trail.read(ADMINISTRATOR, "no/such", errorCode="ResourceNotFoundException")
    assert new_watch(memory=memory).judge([call]).findings == []
    assert memory.seen == {}


def test_a_damaged_record_is_counted_and_the_others_are_judged() -> None:
    damaged = trail.read(APPLICATION, "jwt/credentials")
    del damaged["eventTime"]
    judged = new_watch().judge([damaged, trail.read(APPLICATION, "jwt/credentials")])
    assert (judged.unread, judged.counts["WatchedRecords"], judged.counts["Reads"]) == (1, 1, 1)
