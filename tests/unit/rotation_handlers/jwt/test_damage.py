"""A damaged JWT secret: the rotation completes or is refused, nothing is harmed, and mending is enough."""

import pytest

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.rotation import Step
from tests.unit.rotation_handlers.jwt.rotating import JwtRotations, token_of, verifies

NOT_AN_OBJECT = ["", "{", "[]", '"text"', "null", "1"]


@pytest.fixture
def rotated() -> JwtRotations:
    """A secret after two rotations."""
    rotations = JwtRotations(JwtAlgorithm.EDDSA)
    rotations.rotate()
    rotations.rotate()
    return rotations


@pytest.mark.parametrize("document", NOT_AN_OBJECT)
def test_it_is_refused_and_goes_on_once_mended_when_the_current_value_is_no_object(
    rotated: JwtRotations, document: str
) -> None:
    current = rotated.store.labels["AWSCURRENT"]
    good = rotated.store.values[current]
    rotated.store.values[current] = document
    token = rotated.start()

    with pytest.raises(RotationError) as caught:
        rotated.steps(token)

    assert caught.value.cause is Cause.BAD_SECRET
    assert rotated.store.labels["AWSCURRENT"] == current
    rotated.store.values[current] = good
    rotated.steps(token)
    _require_works(rotated)


@pytest.mark.parametrize("document", [*NOT_AN_OBJECT, "{}", '{"secret_key": 1, "algorithm": "none"}'])
def test_it_completes_when_the_previous_value_is_damaged(rotated: JwtRotations, document: str) -> None:
    rotated.store.values[rotated.store.labels["AWSPREVIOUS"]] = document

    rotated.rotate()

    _require_works(rotated)


@pytest.mark.parametrize("document", ["{}", '{"secret_key": 1, "algorithm": "none"}', '{"algorithm": "EdDSA"}'])
def test_it_completes_when_fields_of_the_current_value_are_missing_or_wrong(
    rotated: JwtRotations, document: str
) -> None:
    rotated.store.values[rotated.store.labels["AWSCURRENT"]] = document

    rotated.rotate()

    _require_works(rotated)


@pytest.mark.parametrize("done", range(4))
def test_it_stops_and_goes_on_when_rotation_is_switched_off_for_a_while(rotated: JwtRotations, done: int) -> None:
    good = rotated.store.current()
    token = rotated.start()
    for step in list(Step)[:done]:
        rotated.step(step, token)
    rotated.store.rotates = False

    with pytest.raises(RotationError) as caught:
        rotated.steps(token)

    assert caught.value.cause is Cause.ROTATION_OFF
    assert rotated.store.current() == good
    rotated.store.rotates = True
    rotated.steps(token)
    _require_works(rotated)


def _require_works(rotations: JwtRotations) -> None:
    fields = rotations.store.current()
    assert verifies(token_of(fields), fields)
