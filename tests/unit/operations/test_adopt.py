"""Asking the rotation function to adopt, and the command around it."""

import io
import json
from dataclasses import replace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from operations.adopt import Statement, adopt
from operations.because import Because
from operations.errors import OperationError
from operations.target import Target

ARN = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:alees/dev/database/credentials-AbCdEf"
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


def _adopt(
    target: Target, functions: FakeLambda, *, deployed: bool = True, why: Because | None = None
) -> list[Statement]:
    described = {"ARN": ARN, "RotationLambdaARN": FUNCTION} if deployed else {"ARN": ARN}
    with Stubber(target.client) as stubber:
        stubber.add_response("describe_secret", described, {"SecretId": "alees/dev/database/credentials"})
        return adopt(replace(target, functions=cast("Any", functions)), "erp", because=why)


def test_the_statements_are_those_that_the_function_answers(target: Target) -> None:
    functions = FakeLambda(json.dumps(ANSWER))

    assert _adopt(target, functions) == [Statement("CREATE ROLE o", "it is missing")]
    assert functions.events == [{"Operation": "adopt", "SecretId": ARN, "Role": "erp", "Apply": False}]


def test_the_function_is_told_why_and_by_whom_when_the_statements_are_to_be_run(target: Target) -> None:
    functions = FakeLambda(json.dumps(ANSWER | {"applied": True}))

    _adopt(target, functions, why=Because("the ERP moves in", None, "arn:jane"))

    (event,) = functions.events
    assert (event["Apply"], event["Reason"], event["Caller"]) == (True, "the ERP moves in", "arn:jane")


DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "details"}}, "Invoke")


@pytest.mark.parametrize(
    ("functions", "message"),
    [
        (
            FakeLambda(
                '{"errorMessage": "privilege: the admin may not; see docs/runbooks/rotation.md#privilege"}',
                error="Unhandled",
            ),
            "database/credentials refused: privilege: the admin may not",
        ),
        (FakeLambda("null", error="Unhandled"), "crashed: it did not say why; its log says more"),
        (FakeLambda("<html>"), "crashed: it did not say why; its log says more"),
        (FakeLambda("null"), "crashed: it did not say why; its log says more"),
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
