"""A fake AWS for the tests of what calls it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from alees_secrets.shared import using
from alees_secrets.source import AwsSecretSource
from tests.unit.alees_secrets.cached import EMAIL, Cached, settle

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

REGION = "eu-central-1"


@pytest.fixture(autouse=True)
def nothing_shared() -> Iterator[None]:
    """Each test begins as a process does."""
    with using(None):
        yield


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of nobody, and nothing of the machine's own AWS configuration."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")


@pytest.fixture
def aws(credentials: None) -> "Iterator[SecretsManagerClient]":  # noqa: ARG001 - what it sets is what is wanted
    """An administrator's client of an empty Secrets Manager."""
    with mock_aws():
        yield boto3.session.Session().client("secretsmanager", region_name=REGION)


@pytest.fixture
def source(credentials: None) -> AwsSecretSource:  # noqa: ARG001 - what it sets is what is wanted
    """A source that has made no client yet."""
    return AwsSecretSource(REGION)


@pytest.fixture
def cached() -> Iterator[Cached]:
    """A manager whose source has an e-mail secret."""
    made = Cached()
    made.source.put("email/credentials", EMAIL)
    yield made
    settle()
