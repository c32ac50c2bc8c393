"""Asking the rotation function to adopt, and the command around it."""

import io
import json
from dataclasses import replace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from operations.adopt import Statement, adopt
from operations.errors import OperationError
from operations.target import Target

FUNCTION = "arn:aws:lambda:eu-central-1:000000000000:function:rotation"
ANSWER = {"statements": [{"sql": "CREATE ROLE o", "why": "it is missing"}], "applied": False}


class FakeLambda:
    """Answers an invocation with a document, or fails."""

    def __init__(self, document: str, error: str | None = None, failure: Exception | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self._reply = {"Payload": io.BytesIO(document.encode())} | ({"FunctionError": error} if error else {})
        self._failure = failure

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == FUNCTION
        if self._failure is not None:
            raise self._failure
        self.events.append(json.loads(Payload))
        return self._reply


def _adopt(target: Target, functions: FakeLambda, *, deployed: bool = True) -> list[Statement]:
    described = {"ARN": "a" * 20, "RotationLambdaARN": FUNCTION} if deployed else {"ARN": "a" * 20}
    with Stubber(target.client) as stubber:
        stubber.add_response("describe_secret", described, {"SecretId": "alees/dev/database/credentials"})
        return adopt(replace(target, functions=cast("Any", functions)), "erp", apply=False)


def test_the_statements_are_those_that_the_function_answers(target: Target) -> None:
    functions = FakeLambda(json.dumps(ANSWER))

    assert _adopt(target, functions) == [Statement("CREATE ROLE o", "it is missing")]
    assert functions.events == [{"Operation": "adopt", "Role": "erp", "Apply": False}]


DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "details"}}, "Invoke")


@pytest.mark.parametrize(
    ("functions", "message"),
    [
        (
            FakeLambda('{"errorMessage": "privilege: the admin may not"}', error="Unhandled"),
            "database/credentials refused: privilege: the admin may not",
        ),
        (FakeLambda("null", error="Unhandled"), "refused: it did not say why; see its log"),
        (FakeLambda("<html>"), "refused: it did not say why; see its log"),
        (FakeLambda("null"), "refused: it did not say why; see its log"),
        (FakeLambda("", failure=DENIED), "cannot be asked: Invoke answered AccessDeniedException"),
        (FakeLambda('{"statements": []}'), "gave no answer that this version knows; deploy AleesSecretsDev"),
        (FakeLambda('{"statements": [{}], "applied": false}'), "gave no answer that this version knows"),
        (FakeLambda(json.dumps(ANSWER | {"applied": True})), "gave no answer that this version knows"),
    ],
)
def test_one_error_tells_why_when_there_is_no_plan(target: Target, functions: FakeLambda, message: str) -> None:
    with pytest.raises(OperationError, match=message):
        _adopt(target, functions)


def test_the_deployment_is_asked_for_when_there_is_no_function(target: Target) -> None:
    with pytest.raises(OperationError, match="has no rotation function; deploy AleesSecretsDev first"):
        _adopt(target, FakeLambda(json.dumps(ANSWER)), deployed=False)
