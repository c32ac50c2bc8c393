"""What people start in a function, and what Lambda and its log see of it."""

import json
from collections.abc import Mapping

import pytest

from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.operations import names_operation, operate
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.canary import CANARY, exception_texts
from tests.fakes.lambda_context import FakeContext


def _answer(request: Mapping[str, object], _deadline: Deadline) -> dict[str, object]:
    return {"got": request["Role"]}


def _refuse(_request: Mapping[str, object], _deadline: Deadline) -> dict[str, object]:
    raise RotationError(Cause.PRIVILEGE, "the admin may not")


def _break(_request: Mapping[str, object], _deadline: Deadline) -> dict[str, object]:
    raise ValueError(CANARY)


OPERATIONS = {"answer": _answer, "refuse": _refuse, "break": _break}


@pytest.mark.parametrize(
    ("event", "named"), [({"Operation": "x"}, True), ({"Step": "createSecret"}, False), ([], False), (None, False)]
)
def test_an_operation_is_told_from_a_step(event: object, named: bool) -> None:  # noqa: FBT001 - what is expected
    assert names_operation(event) is named


def test_the_answer_is_returned_and_the_event_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    answer = operate({"Operation": "answer", "Role": "erp"}, FakeContext(), OPERATIONS)

    assert answer == {"got": "erp"}
    line = json.loads(capsys.readouterr().out)
    assert (line.pop("milliseconds") >= 0, line) == (True, {"operation": "answer", "outcome": "done"})


def test_cause_and_runbook_are_told_when_it_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RotationStepFailed) as caught:
        operate({"Operation": "refuse"}, FakeContext(), OPERATIONS)

    assert str(caught.value) == "privilege: the admin may not; see docs/runbooks/rotation.md#privilege"
    line = json.loads(capsys.readouterr().out)
    assert (line["outcome"], line["cause"]) == ("failed", "privilege")


def test_no_value_is_told_when_there_is_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RotationStepFailed, match=r"^unexpected: ValueError at test_operations\.py:\d+; see") as caught:
        operate({"Operation": "break"}, FakeContext(), OPERATIONS)

    assert CANARY not in "".join(exception_texts(caught.value)) + capsys.readouterr().out


@pytest.mark.parametrize("name", ["other", None, ["answer"]])
def test_the_operations_are_named_when_the_event_names_another(name: object) -> None:
    with pytest.raises(RotationStepFailed, match="bad-event: the event names no operation; allowed is answer, refuse"):
        operate({"Operation": name}, FakeContext(), OPERATIONS)
