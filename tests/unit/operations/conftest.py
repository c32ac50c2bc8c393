"""An environment in moto."""

import json
from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws

from config.environments import dev
from operations.target import Target
from tests.fakes.operated import OperatedSecret


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """Dev in an empty account of moto's."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "moto")
    with mock_aws():
        session = boto3.Session(region_name="eu-central-1")
        yield Target(
            environment=replace(dev(), api_services=()),
            client=session.client("secretsmanager"),
            functions=session.client("lambda"),
            identities=session.client("sts"),
            alarms=session.client("cloudwatch"),
            topics=session.client("sns"),
            trail=session.client("cloudtrail"),
        )


@pytest.fixture
def secret(target: Target) -> str:
    """The path of the database secret, which exists."""
    path = "database/credentials"
    target.client.create_secret(
        Name=f"alees/dev/{path}",
        SecretString=json.dumps({"alees_not_initialized": "true"}),
        Tags=[{"Key": "alees:environment", "Value": "dev"}],
        AddReplicaRegions=[{"Region": target.environment.recovery_region}],
    )
    return path


@pytest.fixture
def operated() -> OperatedSecret:
    """The database secret of Dev after a rotation from OLD to NEW; the target accepts a value to set, too."""
    made = OperatedSecret()
    made.hand.target.accepted.add("set")
    return made
