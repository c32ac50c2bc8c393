"""The function of a secret that people set is found, though Secrets Manager does not know it."""

import io
import json
from dataclasses import replace
from typing import Any, cast

import pytest
from botocore.stub import Stubber

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
    ("described", "function"),
    [
        ({"ARN": "a" * 20}, "AleesSecretsDev-EmailByHand"),
        ({"ARN": "a" * 20, "RotationLambdaARN": "known"}, "known"),
    ],
)
def test_the_function_is_found_by_name_when_secrets_manager_does_not_know_it(
    target: Target, described: dict[str, str], function: str
) -> None:
    functions = FakeLambda()

    with Stubber(target.client) as stubber:
        stubber.add_response("describe_secret", described, {"SecretId": "alees/dev/email/credentials"})
        invoke(replace(target, functions=cast("Any", functions)), "email/credentials", "set", {})

    assert functions.invoked == [function]
