import pytest

from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

NAMES = ("alees/dev/api/billing/key", "alees/dev/jwt/credentials", "alees/prod/jwt/credentials", "other/alees/dev/x")


@pytest.fixture
def listed(own: LocalAws) -> LocalAws:
    """An account with a few secrets."""
    for name in NAMES:
        own.secrets.create_secret(
            Name=name,
            SecretString="first",
            Description=f"Of {name}",
            Tags=[{"Key": "alees:environment", "Value": name.split("/")[1]}],
        )
    return own


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("name", ["alees/dev/"], NAMES[:2]),
        ("name", ["ALEES/dev/"], ()),
        ("name", ["alees/dev/api/", "alees/prod/"], (NAMES[0], NAMES[2])),
        ("name", ["!alees/"], NAMES[3:]),
        ("description", ["of alees/prod"], NAMES[2:3]),
        ("tag-key", ["alees:env"], NAMES),
        ("tag-value", ["prod"], NAMES[2:3]),
        ("tag-value", ["rod"], ()),
        ("primary-region", ["eu-west-1"], ()),
        ("owning-service", ["rds"], ()),
    ],
)
def test_secrets_are_listed_when_they_begin_with_the_filters_value(
    listed: LocalAws, key: str, values: list[str], expected: tuple[str, ...]
) -> None:
    pages = listed.client("secretsmanager").get_paginator("list_secrets")
    found = [
        each["Name"] for page in pages.paginate(Filters=[{"Key": key, "Values": values}]) for each in page["SecretList"]
    ]
    assert sorted(found) == sorted(expected)


def test_secret_is_listed_only_when_every_filter_matches(listed: LocalAws) -> None:
    filters = [{"Key": "name", "Values": ["alees/"]}, {"Key": "tag-value", "Values": ["prod"]}]
    found = listed.client("secretsmanager").list_secrets(Filters=filters)["SecretList"]
    assert [each["Name"] for each in found] == ["alees/prod/jwt/credentials"]


def test_replica_is_listed_when_its_primary_region_is_asked_for(own: LocalAws) -> None:
    own.secrets.create_secret(Name="alees/dev/x", SecretString="v", AddReplicaRegions=[{"Region": "eu-west-1"}])
    filters = [{"Key": "primary-region", "Values": ["eu-central-1"]}]
    found = own.in_region("eu-west-1").client("secretsmanager").list_secrets(Filters=filters)["SecretList"]
    assert [each["Name"] for each in found] == ["alees/dev/x"]
