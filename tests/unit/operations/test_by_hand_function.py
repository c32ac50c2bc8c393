"""The function of a secret that people set is found, though Secrets Manager does not know it."""

import io
import json
from dataclasses import replace
from typing import Any, cast

import pytest
from botocore.stub import Stubber

from config.email import ByHand, Email, Ses
from operations.functions import invoke
from operations.target import Target


class FakeLambda:
    """Answers an invocation, and keeps which function it was for."""

    def __init__(self) -> None:
        self.invoked: list[str] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert json.loads(Payload)
        self.invoked.append(FunctionName)
        return {"Payload": io.BytesIO(b"{}")}


@pytest.mark.parametrize(
    ("email", "described", "function"),
    [
        (ByHand(), {"ARN": "a" * 20}, "AleesSecretsDev-EmailByHand"),
        (ByHand(), {"ARN": "a" * 20, "RotationLambdaARN": "left-with-ses"}, "AleesSecretsDev-EmailByHand"),
        (Ses(region="eu-west-1"), {"ARN": "a" * 20, "RotationLambdaARN": "known"}, "known"),
    ],
)
def test_the_function_is_found_by_name_when_secrets_manager_does_not_know_it(
    target: Target, email: Email, described: dict[str, str], function: str
) -> None:
    target, functions = replace(target, environment=replace(target.environment, email=email)), FakeLambda()

    with Stubber(target.client) as stubber:
        stubber.add_response("describe_secret", described, {"SecretId": "alees/dev/email/credentials"})
        invoke(replace(target, functions=cast("Any", functions)), "email/credentials", "set", {})

    assert functions.invoked == [function]
