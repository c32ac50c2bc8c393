"""What Lambda and its log see of a step."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from alees_secrets.values import SecretFields
from rotation_handlers.by_hand import BY_HAND
from rotation_handlers.claim import Claim
from rotation_handlers.deadline import Deadline
from rotation_handlers.edge import handle
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.operations import Work
from rotation_handlers.rotation import Step
from rotation_handlers.strategy import Revocation, Revoked, Strategy
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.canary import CANARY, exception_texts
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager

TOKEN = "0123456789abcdef0123456789abcdef"


class FakeStrategy(Strategy):
    """Does nothing, or fails in every step with *failure*."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    def _act(self) -> None:
        if self._failure is not None:
            raise self._failure

    def generate(self, _current: SecretFields | None, _claim: Claim) -> dict[str, str | int]:
        self._act()
        return {"password": CANARY}

    def check(self, _pending: SecretFields, _current: SecretFields | None) -> None:
        self._act()

    @contextmanager
    def open_target(self) -> Iterator["FakeStrategy"]:
        yield self

    def apply(self, _pending: SecretFields) -> dict[str, int]:
        self._act()
        return {"sessions": 3}

    def switch(self, _pending: SecretFields) -> None:
        self._act()

    def restore(self, current: SecretFields | None) -> None:  # noqa: ARG002 - the protocol's name
        self._act()

    def test(self, _pending: SecretFields) -> None:
        self._act()

    @contextmanager
    def hold(self, value: SecretFields) -> Iterator["FakeStrategy"]:  # noqa: ARG002 - the protocol's name
        self._act()
        yield self

    def verify(self, value: SecretFields) -> None:  # noqa: ARG002 - the protocol's name
        self._act()

    def revoke(self, _revocation: Revocation) -> Revoked:
        self._act()
        return Revoked(in_use=False, counts={"sessions_ended": 2})

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:  # noqa: ARG002 - the protocol's name
        self._act()


def _store(pending: str | None = None) -> FakeSecretsManager:
    store = FakeSecretsManager(values={"old": json.dumps({"password": CANARY})}, labels={"AWSCURRENT": "old"})
    store.start_rotation(TOKEN)
    store.values[TOKEN] = pending
    return store


def _handle(event: object, store: FakeSecretsManager, failure: Exception | None = None) -> object:
    return handle(event, FakeContext(), cast("Any", store), lambda *_: FakeStrategy(failure))


def _event(step: str = "createSecret") -> dict[str, str]:
    return {"Step": step, "SecretId": ARN, "ClientRequestToken": TOKEN}


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_names_secret_version_step_and_outcome_when_a_step_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    _handle(_event(), _store())

    (line,) = _lines(capsys)
    assert isinstance(line.pop("milliseconds"), int)
    assert line == {
        "secret": "alees/local/database/credentials",
        "version": "01234567",
        "step": "createSecret",
        "outcome": "done",
    }


def test_the_line_is_a_metric_of_the_secret_when_the_strategy_counted_something(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _handle(_event("setSecret"), _store(json.dumps({"password": CANARY})))

    (line,) = _lines(capsys)
    assert line["sessions"] == 3
    assert line["_aws"]["CloudWatchMetrics"] == [
        {"Namespace": "AleesSecrets", "Dimensions": [["secret"]], "Metrics": [{"Name": "sessions", "Unit": "Count"}]}
    ]


def test_cause_and_runbook_section_are_told_when_a_step_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RotationStepFailed, match=r"^lock: somebody has it; see docs/runbooks/rotation\.md#lock$"):
        _handle(_event(), _store(), RotationError(Cause.LOCK, "somebody has it"))

    (line,) = _lines(capsys)
    assert (line["outcome"], line["cause"]) == ("failed", "lock")


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize(
    "failure",
    [
        ValueError(CANARY),
        json.JSONDecodeError("bad", CANARY, 0),
        RotationError(Cause.DATABASE, "refused"),
        UnusablePendingError("wrong login"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_no_value_is_in_log_or_exception_when_a_step_fails(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, step: Step, failure: Exception
) -> None:
    caplog.set_level(0)
    store = _store(json.dumps({"password": CANARY}) if step is not Step.CREATE else None)

    with pytest.raises(RotationStepFailed) as caught:
        _handle(_event(step), store, failure)

    printed = capsys.readouterr()
    assert f'"step": "{step}", "outcome": "failed"' in printed.out
    assert CANARY not in "".join([printed.out, printed.err, caplog.text, *exception_texts(caught.value)])


def test_the_search_for_values_finds_one_when_it_is_there() -> None:
    chained = RuntimeError()
    chained.__context__ = json.JSONDecodeError("bad", CANARY, 0)

    assert CANARY in "".join(exception_texts(chained))


@pytest.mark.parametrize(
    "event",
    [None, [], {}, {"Step": "dropSecret", "SecretId": ARN, "ClientRequestToken": TOKEN}, {"Step": "createSecret"}],
)
def test_the_event_is_refused_when_it_is_no_rotation_request(event: object) -> None:
    with pytest.raises(RotationStepFailed, match="^bad-event: the event is no rotation request; allowed are Step"):
        _handle(event, _store())


def _refuse(code: str, message: str = "") -> Callable[[str], None]:
    def before(operation: str) -> None:
        raise ClientError({"Error": {"Code": code, "Message": message + CANARY}}, operation)

    return before


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("AccessDeniedException", "iam"),
        ("DecryptionFailure", "kms"),
        ("KMSInvalidStateException", "kms"),
        ("InternalServiceError", "secrets-manager"),
        ("ThrottlingException", "secrets-manager"),
    ],
)
def test_the_cause_is_named_when_aws_refuses_a_call(code: str, cause: str) -> None:
    store = _store()
    store.before = _refuse(code)

    with pytest.raises(RotationStepFailed, match=f"^{cause}: DescribeSecret") as caught:
        _handle(_event(), store)

    assert CANARY not in "".join(exception_texts(caught.value))


@pytest.mark.parametrize(
    ("code", "message", "told"),
    [
        ("AccessDeniedException", "Access to KMS is not allowed", "kms: DescribeSecret failed because"),
        ("InvalidRequestException", "it was marked for deletion", "secrets-manager: .* scheduled for deletion"),
    ],
)
def test_the_message_tells_causes_apart_when_the_code_does_not(code: str, message: str, told: str) -> None:
    store = _store()
    store.before = _refuse(code, message)

    with pytest.raises(RotationStepFailed, match=f"^{told}"):
        _handle(_event(), store)


def test_the_cause_is_named_when_aws_does_not_answer() -> None:
    store = _store()

    def before(_: str) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    store.before = before
    with pytest.raises(RotationStepFailed, match=r"^secrets-manager: Secrets Manager did not answer"):
        _handle(_event(), store)


def test_the_current_value_is_refused_when_it_is_damaged() -> None:
    store = _store()
    store.values["old"] = "{"

    with pytest.raises(RotationStepFailed, match="^bad-secret: the AWSCURRENT value is not a JSON object"):
        _handle(_event(), store)


def test_the_step_is_refused_when_the_version_never_held_the_label() -> None:
    store = _store()
    store.labels["AWSPENDING"] = "another"

    with pytest.raises(RotationStepFailed, match="^overtaken:"):
        _handle(_event(), store)

    assert store.values[TOKEN] is None


def _rotated(event_name: str = "RotationSucceeded") -> dict[str, object]:
    """Return the event that EventBridge sends after a rotation."""
    detail = {"eventName": event_name, "additionalEventData": {"SecretId": ARN}}
    return {"source": "aws.secretsmanager", "detail-type": "AWS Service Event via CloudTrail", "detail": detail}


def test_one_line_names_secret_and_outcome_when_the_canary_verified_it(capsys: pytest.CaptureFixture[str]) -> None:
    _handle(_rotated(), _store())

    (line,) = _lines(capsys)
    assert isinstance(line.pop("milliseconds"), int)
    assert line == {"secret": "alees/local/database/credentials", "step": "canary", "outcome": "verified"}


def test_the_event_is_refused_when_it_tells_of_something_else() -> None:
    with pytest.raises(RotationStepFailed, match="^bad-event: the event is none that the canary knows"):
        _handle(_rotated("RotationFailed"), _store())


@pytest.mark.parametrize(
    "failure", [ValueError(CANARY), json.JSONDecodeError("bad", CANARY, 0), RotationError(Cause.DATABASE, "refused")]
)
def test_no_value_is_in_log_or_exception_when_the_canary_fails(
    capsys: pytest.CaptureFixture[str], failure: Exception
) -> None:
    with pytest.raises(RotationStepFailed) as caught:
        _handle(_rotated(), _store(), failure)

    printed = capsys.readouterr()
    assert '"step": "canary", "outcome": "failed"' in printed.out
    assert CANARY not in "".join([printed.out, printed.err, *exception_texts(caught.value)])


WHO = {"Reason": "leaked", "Incident": "INC-7", "Caller": "arn:aws:sts::000000000000:assumed-role/op/jane"}


def _operation(name: str, **more: object) -> dict[str, object]:
    return {"Operation": name, "SecretId": ARN, **WHO, **more}


def _revocable() -> FakeSecretsManager:
    value = json.dumps({"password": CANARY})
    return FakeSecretsManager(
        values={"current-version": value, "version-before": value},
        labels={"AWSCURRENT": "current-version", "AWSPREVIOUS": "version-before"},
    )


def test_one_line_is_the_audit_of_an_operation_and_its_answer_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    answer = _handle(_operation("revoke", VersionId="version-before"), _revocable())

    assert answer == {"version": "version-before", "outcome": "revoked", "counts": {"sessions_ended": 2}}
    (line,) = _lines(capsys)
    assert isinstance(line.pop("milliseconds"), int)
    assert line == {
        "audit": True,
        "operation": "revoke",
        "reason": "leaked",
        "incident": "INC-7",
        "caller": WHO["Caller"],
        "secret": "alees/local/database/credentials",
        "version": "version-",
        "outcome": "revoked",
        "sessions_ended": 2,
    }


def test_the_line_says_who_was_refused_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RotationStepFailed, match=r"^overtaken: .*see docs/runbooks/rotation\.md#overtaken$"):
        _handle(_operation("revoke", VersionId="another"), _revocable())

    (line,) = _lines(capsys)
    assert (line["outcome"], line["cause"], line["audit"], line["caller"]) == (
        "failed",
        "overtaken",
        True,
        WHO["Caller"],
    )


def test_the_operations_are_told_when_the_event_names_another() -> None:
    with pytest.raises(RotationStepFailed, match="^bad-event: the event names no operation; allowed is record, verify"):
        _handle(_operation("dance"), _revocable())


def test_a_kinds_own_operation_is_done_beside_the_common_ones(capsys: pytest.CaptureFixture[str]) -> None:
    def greet(work: Work) -> dict[str, object]:
        return {"hello": work.text("Role"), "of": work.secret}

    answer = handle(
        _operation("greet", Role="erp"),
        FakeContext(),
        cast("Any", _revocable()),
        lambda *_: FakeStrategy(),
        {"greet": greet},
    )

    assert answer == {"hello": "erp", "of": "alees/local/database/credentials"}
    (line,) = _lines(capsys)
    assert (line["operation"], line["outcome"]) == ("greet", "done")


@pytest.mark.parametrize("operation", sorted(BY_HAND))
@pytest.mark.parametrize(
    "failure", [ValueError(CANARY), json.JSONDecodeError("bad", CANARY, 0), RotationError(Cause.DATABASE, "refused")]
)
def test_no_value_is_in_log_answer_or_exception_when_an_operation_fails(
    capsys: pytest.CaptureFixture[str], operation: str, failure: Exception
) -> None:
    store = _revocable()
    if operation in {"diagnose", "discard"}:
        store.start_rotation("pending-version")
        store.values["pending-version"] = json.dumps({"password": CANARY})
    version = {"rollback": "version-before", "revoke": "version-before", "set": "current-version"}.get(
        operation, "pending-version"
    )
    more = {"VersionId": version, "What": "rotate", "Token": TOKEN, "Value": {"secret": CANARY}}
    texts = []
    try:
        texts.append(repr(_handle(_operation(operation, **more), store, failure)))
    except RotationStepFailed as error:
        texts += exception_texts(error)

    printed = capsys.readouterr()
    assert f'"operation": "{operation}"' in printed.out
    assert CANARY not in "".join([printed.out, printed.err, *texts])


@pytest.mark.parametrize(
    "event", [_event(), _rotated(), _operation("verify")], ids=["a step", "the canary", "an operation"]
)
def test_no_call_is_begun_and_no_further_try_promised_when_the_time_is_used_up(event: object) -> None:
    store = _store()

    with pytest.raises(RotationStepFailed, match="deadline: the function's time was used up before all was done[;)]"):
        handle(event, FakeContext(1.0), cast("Any", store), lambda *_: FakeStrategy())

    assert store.calls.total() == 0


@pytest.mark.parametrize("event", [_event("testSecret"), _rotated()], ids=["a step", "the canary"])
def test_the_strategy_is_the_secrets_own_when_a_function_rotates_several(event: object) -> None:
    asked: list[str] = []

    def strategy_for(name: str, _deadline: Deadline) -> FakeStrategy:
        asked.append(name)
        return FakeStrategy()

    handle(event, FakeContext(), cast("Any", _store(json.dumps({"password": CANARY}))), strategy_for)

    assert asked == ["alees/local/database/credentials"]
