"""What is made of AWS's answers about secrets."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self, cast

import pytest

from alees_secrets.health import Observation
from alees_secrets.observing import Declared, observe, observe_all

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CREATED = datetime(2026, 1, 1, 12, tzinfo=UTC)
MADE = datetime(2026, 1, 2, 12, tzinfo=UTC)
ROTATED = datetime(2026, 1, 3, 12, tzinfo=UTC)
DECLARED = Declared(
    environment="prod",
    paths=("jwt/credentials", "email/credentials"),
    rotated=("jwt/credentials",),
    unjudged=("admin/credentials",),
    recovery_region="eu-west-1",
)
SAID: dict[str, Any] = {
    "CreatedDate": CREATED,
    "LastChangedDate": MADE,
    "Tags": [{"Key": "alees:environment", "Value": "prod"}],
    "ReplicationStatus": [{"Region": "eu-west-1", "Status": "InSync"}],
}


def _observe(path: str = "jwt/credentials", versions: tuple[dict[str, Any], ...] = (), **more: object) -> Observation:
    return observe(DECLARED, path, {**SAID, **more}, versions)


class _NotFoundError(Exception):
    """What boto3 raises when there is no such secret."""


class _SecretsManager:
    """AWS with one declared secret of two, the honey secret, one that nobody declares, and one of a like environment.

    Attributes:
        described: The names that were described.
    """

    exceptions = SimpleNamespace(ResourceNotFoundException=_NotFoundError)

    def __init__(self) -> None:
        self.described: list[str] = []

    def get_paginator(self, _operation: str) -> Self:
        return self

    def paginate(self, **asked: object) -> list[dict[str, Any]]:
        assert asked == {"Filters": [{"Key": "name", "Values": ["alees/prod/"]}]}
        paths = ("stray", "admin/credentials"), ("jwt/credentials",)
        found = [[{**SAID, "Name": f"alees/prod/{path}"} for path in page] for page in paths]
        return [{"SecretList": [{**SAID, "Name": "Alees/prod/stray"}]}, *({"SecretList": page} for page in found)]

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.described.append(SecretId)
        if SecretId != "alees/prod/jwt/credentials":
            raise _NotFoundError
        return {**SAID, "VersionIdsToStages": {"a": ["AWSCURRENT"]}}

    def list_secret_version_ids(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert SecretId == "alees/prod/jwt/credentials"
        return {"Versions": [{"VersionId": "a", "CreatedDate": CREATED}]}


def test_what_is_declared_is_described_and_what_is_not_is_only_listed() -> None:
    aws = _SecretsManager()

    seen = dict(observe_all(cast("SecretsManagerClient", aws), DECLARED))

    declared = [(path, each and (each.declared, each.value_since)) for path, each in seen.items()]
    assert declared == [("jwt/credentials", (True, CREATED)), ("email/credentials", None), ("stray", (False, None))]
    assert aws.described == ["alees/prod/jwt/credentials", "alees/prod/email/credentials"]


def test_a_declaration_comes_back_from_its_text() -> None:
    assert Declared.from_json(DECLARED.to_json()) == DECLARED


def test_what_is_not_said_is_not_observed() -> None:
    seen = _observe("email/credentials")

    assert seen == Observation(
        declared=True,
        rotates=False,
        rotation_enabled=False,
        changed=False,
        created=CREATED,
        altered=MADE,
        last_rotated=None,
        value_since=None,
        next_rotation=None,
        pending_since=None,
        last_read=None,
        replicas=(("eu-west-1", "InSync"),),
    )


def test_the_pending_version_and_the_value_in_use_have_their_versions_times() -> None:
    labels = {"a": ["AWSCURRENT"], "b": ["AWSPENDING"], "c": ["AWSPREVIOUS"]}
    versions = ({"VersionId": "a", "CreatedDate": CREATED}, {"VersionId": "b", "CreatedDate": MADE})

    seen = _observe(versions=versions, VersionIdsToStages=labels)

    assert (seen.value_since, seen.pending_since, seen.changed) == (CREATED, MADE, True)


def test_no_rotation_is_pending_when_the_label_stands_beside_current() -> None:
    assert _observe(VersionIdsToStages={"a": ["AWSCURRENT", "AWSPENDING"]}).pending_since is None


def test_the_value_in_use_is_as_old_as_the_last_rotation_when_there_was_one() -> None:
    assert _observe(LastRotatedDate=ROTATED).value_since == ROTATED


def test_a_rotation_took_from_the_making_of_its_version_to_its_end() -> None:
    labels: Any = {"VersionIdsToStages": {"a": ["AWSCURRENT"]}, "LastRotatedDate": ROTATED}

    assert _observe(versions=({"VersionId": "a", "CreatedDate": MADE},), **labels).rotated_in == ROTATED - MADE
    later = ({"VersionId": "a", "CreatedDate": datetime(2026, 1, 4, tzinfo=UTC)},)
    assert _observe(versions=later, **labels).rotated_in is None


def test_the_entry_of_a_list_tells_the_labels_too() -> None:
    assert _observe(SecretVersionsToStages={"a": ["AWSPREVIOUS"]}).changed


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-12-31", datetime(2026, 12, 31, tzinfo=UTC)),
        (" 2026-12-31 ", datetime(2026, 12, 31, tzinfo=UTC)),
        ("2026-12-31T10:00:00+02:00", datetime(2026, 12, 31, 8, tzinfo=UTC)),
        ("31.12.2026", None),
        ("", None),
    ],
)
def test_the_end_of_a_value_is_the_date_of_its_tag(text: str, end: datetime | None) -> None:
    seen = _observe(Tags=[*SAID["Tags"], {"Key": "alees:expires-at", "Value": text}])

    assert (seen.expires, seen.expiry_readable) == (end, end is not None)


@pytest.mark.parametrize("tags", [[], [{"Key": "alees:environment", "Value": "dev"}], [{"Key": "alees:environment"}]])
def test_a_secret_is_untagged_without_the_tag_of_its_environment(tags: list[dict[str, str]]) -> None:
    assert not _observe(Tags=tags).tagged


def test_the_replica_of_a_declared_secret_is_missing_when_none_is_told() -> None:
    assert _observe(ReplicationStatus=[]).replicas == (("eu-west-1", "Missing"),)
    assert _observe("odd", ReplicationStatus=[]).replicas == ()


def test_a_deletion_that_was_asked_for_is_observed() -> None:
    assert _observe(DeletedDate=ROTATED).deleted == ROTATED
