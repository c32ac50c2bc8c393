"""What is assumed of a function is what it does."""

from collections import Counter

import boto3
import pytest
from moto import mock_aws

from alees_secrets.observing import Declared, observe_all
from operations.cost.usage import Usage

PATHS = tuple(f"api/service-{number}/key" for number in range(9))
HONEY = "admin/credentials"


def test_a_look_at_ten_secrets_makes_the_calls_that_are_billed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "moto")
    declared = Declared(environment="prod", paths=PATHS, rotated=(), unjudged=(HONEY,), recovery_region="eu-west-1")
    calls: Counter[str] = Counter()
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="eu-central-1")
        for path in (*PATHS, HONEY):
            client.create_secret(Name=f"alees/prod/{path}")
        client.meta.events.register("before-call", lambda model, **_: calls.update([model.name]))
        observe_all(client, declared)

    assert calls.total() == Usage().functions["Health"].calls, calls
