"""Rotations of the JWT secret, with crashes, duplicates, interleavings and damage."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alees_secrets.kinds import KINDS, JwtAlgorithm, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.edge import handle
from rotation_handlers.errors import OvertakenError, RotationError, UnusablePendingError
from rotation_handlers.jwt.generated_key import GeneratedKey
from rotation_handlers.jwt.keys import SigningKey, to_text
from rotation_handlers.jwt.settings import JwtSettings
from rotation_handlers.rotation import Step
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.canary import CANARY, exception_texts
from tests.fakes.lambda_context import FakeContext
from tests.unit.rotation_handlers.jwt.rotating import JwtRotations, token_of, verifies

CALLS = 10
"""Of Secrets Manager, in a rotation that nothing disturbs."""

QUICK = [algorithm for algorithm in JwtAlgorithm if algorithm is not JwtAlgorithm.RS256]


@pytest.fixture
def rotations() -> JwtRotations:
    """A secret that was rotated once."""
    made = JwtRotations(JwtAlgorithm.EDDSA)
    made.rotate()
    return made


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_a_token_of_the_new_value_verifies_when_an_empty_secret_is_rotated(algorithm: JwtAlgorithm) -> None:
    rotations = JwtRotations(algorithm)

    fields = rotations.rotate()

    check_fields(KINDS[KindName.JWT], fields)
    assert fields["algorithm"] == algorithm
    assert rotations.current_works()


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_a_token_of_the_previous_value_verifies_with_it_alone_when_the_algorithm_changed(
    algorithm: JwtAlgorithm,
) -> None:
    rotations = JwtRotations(algorithm)
    token = token_of(rotations.rotate())
    rotations.algorithm = JwtAlgorithm.ES256

    after = rotations.rotate()

    previous = json.loads(rotations.store.values[rotations.store.labels["AWSPREVIOUS"]] or "")
    assert (previous["algorithm"], after["algorithm"]) == (algorithm, "ES256")
    assert verifies(token, previous)
    assert not verifies(token, after)


def test_ten_calls_of_secrets_manager_suffice_when_nothing_disturbs_a_rotation(rotations: JwtRotations) -> None:
    rotations.store.calls.clear()

    rotations.rotate()

    assert rotations.store.calls.total() == CALLS


@pytest.mark.parametrize("step", Step)
def test_nothing_changes_when_a_step_is_repeated_after_the_rotation(rotations: JwtRotations, step: Step) -> None:
    token = rotations.start()
    rotations.steps(token)
    values, labels = dict(rotations.store.values), dict(rotations.store.labels)

    rotations.step(step, token)

    assert (rotations.store.values, rotations.store.labels) == (values, labels)


@pytest.mark.parametrize("step", Step)
def test_the_rotation_completes_when_a_step_is_done_twice(rotations: JwtRotations, step: Step) -> None:
    token = rotations.start()
    for each in Step:
        rotations.step(each, token)
        if each is step:
            rotations.step(each, token)

    assert rotations.store.labels["AWSCURRENT"] == token
    assert rotations.current_works()


def _at(number: int, act: Callable[[], None]) -> Callable[[str], None]:
    seen = iter(range(1000))

    def before(_: str) -> None:
        if next(seen) == number:
            act()

    return before


def _crash() -> None:
    raise ConnectionResetError


@pytest.mark.parametrize("again", [False, True], ids=["the next rotation", "the same rotation"])
@pytest.mark.parametrize("call", range(CALLS))
def test_current_works_and_the_next_try_completes_when_any_call_crashes(
    rotations: JwtRotations, call: int, *, again: bool
) -> None:
    token = rotations.start()
    rotations.store.before = _at(call, _crash)
    with pytest.raises(ConnectionResetError):
        rotations.steps(token)
    rotations.store.before = None
    assert rotations.current_works()

    token = token if again else rotations.start()
    rotations.steps(token)

    assert rotations.store.labels["AWSCURRENT"] == token
    assert rotations.current_works()


@pytest.mark.parametrize("behind", range(1, 4))
def test_the_newer_value_stays_when_the_older_rotation_goes_on_with_its_next_step(
    rotations: JwtRotations, behind: int
) -> None:
    older = rotations.start()
    steps = list(Step)
    for step in steps[:behind]:
        rotations.step(step, older)
    newer = rotations.start()
    rotations.steps(newer)

    with pytest.raises(OvertakenError):
        rotations.step(steps[behind], older)

    assert rotations.store.labels["AWSCURRENT"] == newer
    assert rotations.current_works()


@pytest.mark.parametrize("newer_steps", range(5))
@pytest.mark.parametrize("call", range(CALLS))
def test_current_works_at_every_call_when_a_newer_rotation_comes_in_between(
    rotations: JwtRotations, call: int, newer_steps: int
) -> None:
    works: list[bool] = []

    def overtake() -> None:
        rotations.store.before = lambda _: works.append(rotations.current_works())
        newer = rotations.start()
        for step in list(Step)[:newer_steps]:
            rotations.step(step, newer)

    older = rotations.start()
    rotations.store.before = _at(call, overtake)
    try:
        rotations.steps(older)
    except RotationError:
        assert rotations.store.labels["AWSCURRENT"] != older
    rotations.store.before = None

    assert all(works)
    assert rotations.current_works()
    rotations.rotate()
    assert rotations.current_works()


def test_a_pending_value_is_discarded_when_its_key_is_currents(rotations: JwtRotations) -> None:
    fields = rotations.store.current()
    token = rotations.start()
    rotations.store.values[token] = json.dumps(fields)

    with pytest.raises(UnusablePendingError, match="secret_key of the AWSPENDING value is AWSCURRENT's"):
        rotations.step(Step.SET, token)

    assert "AWSPENDING" not in rotations.store.labels
    assert rotations.rotate() != fields


def test_a_pending_value_is_refused_when_tokens_of_another_key_verify(keys: dict[JwtAlgorithm, SigningKey]) -> None:
    strategy = GeneratedKey(JwtSettings(algorithm=JwtAlgorithm.EDDSA), make_key=lambda algorithm: keys[algorithm])
    pending = SecretFields(strategy.generate(None, cast("Any", None)))

    with pytest.raises(UnusablePendingError, match="a token that another key signed verifies with the AWSPENDING key"):
        strategy.test(pending)


DAMAGED: list[Mapping[str, object]] = [
    {},
    {"secret_key": CANARY * 3},
    {"secret_key": [CANARY], "algorithm": "HS256"},
    {"secret_key": CANARY * 3, "algorithm": "HS256", "kid": CANARY},
    {"secret_key": CANARY * 3, "algorithm": "none"},
    {"secret_key": "HS256", "algorithm": CANARY},
    {"secret_key": CANARY, "algorithm": "HS256"},
    {"secret_key": CANARY * 3 + " ", "algorithm": "HS512"},
    {"secret_key": CANARY, "algorithm": "ES256"},
    {"secret_key": f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n", "algorithm": "RS256"},
    {"secret_key": CANARY + "\ud800", "algorithm": "EdDSA"},
]


@pytest.mark.parametrize("step", [Step.CREATE, Step.SET, Step.TEST])
@pytest.mark.parametrize("fields", DAMAGED)
def test_a_pending_value_is_discarded_and_not_told_when_it_is_damaged(
    rotations: JwtRotations, capsys: pytest.CaptureFixture[str], step: Step, fields: Mapping[str, object]
) -> None:
    token = rotations.start()
    rotations.store.values[token] = json.dumps(fields)

    with pytest.raises(RotationStepFailed, match="^pending-discarded: ") as caught:
        _handle(rotations, step, token)

    assert CANARY not in "".join([*capsys.readouterr(), *exception_texts(caught.value)])
    assert "AWSPENDING" not in rotations.store.labels
    rotations.rotate()
    assert rotations.current_works()


def _handle(rotations: JwtRotations, step: Step, token: str) -> None:
    event = {**rotations.store.start_rotation(token), "Step": step.value}
    strategy = GeneratedKey(JwtSettings(algorithm=rotations.algorithm))
    handle(event, FakeContext(), cast("Any", rotations.store), lambda *_: strategy)


@pytest.mark.parametrize("algorithm", QUICK)
def test_nothing_of_the_key_is_printed_when_a_rotation_is_done(
    algorithm: JwtAlgorithm, capsys: pytest.CaptureFixture[str]
) -> None:
    rotations = JwtRotations(algorithm)
    token = rotations.start()
    for step in Step:
        _handle(rotations, step, token)

    printed = "".join(capsys.readouterr())
    assert printed.count('"outcome": "done"') == len(Step)
    for part in rotations.store.current()["secret_key"].split("\n")[:2]:
        assert part
        assert part not in printed


@st.composite
def _damage(draw: st.DrawFn) -> Callable[[str], str]:
    start = draw(st.floats(0, 1))
    length = draw(st.integers(0, 3))
    instead = draw(st.text(max_size=3))

    def damaged(text: str) -> str:
        at = int(start * len(text))
        return text[:at] + instead + text[at + length :]

    return damaged


@settings(max_examples=80, deadline=None)
@given(
    made_for=st.sampled_from(JwtAlgorithm),
    named=st.sampled_from(["", *(algorithm.value for algorithm in JwtAlgorithm)]),
    damage=_damage(),
)
def test_current_works_when_a_pending_value_has_any_damage(
    keys: dict[JwtAlgorithm, SigningKey], made_for: JwtAlgorithm, named: str, damage: Callable[[str], str]
) -> None:
    rotations = JwtRotations(JwtAlgorithm.EDDSA)
    rotations.rotate()
    token = rotations.start()
    fields = {"secret_key": damage(to_text(keys[made_for])), "algorithm": named or made_for.value}
    rotations.store.values[token] = json.dumps(fields)

    refused = _refused(rotations, token)

    assert rotations.current_works()
    assert (rotations.store.labels["AWSCURRENT"] == token) is not refused
    assert ("AWSPENDING" in rotations.store.labels) is not refused


def _refused(rotations: JwtRotations, token: str) -> bool:
    try:
        rotations.steps(token)
    except UnusablePendingError:
        return True
    return False
