"""The canary of the JWT secret: a key that signs and verifies cannot be refused, a damaged value can."""

import json

import pytest

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.rotation import Outcome
from tests.unit.rotation_handlers.jwt.rotating import JwtRotations

DAMAGES: list[dict[str, object]] = [
    {"secret_key": "short", "algorithm": "HS256"},
    {"secret_key": "not a key in PEM", "algorithm": "ES256"},
    {"secret_key": None, "algorithm": "ES256"},
    {"algorithm": "ES256"},
    {},
]


@pytest.mark.parametrize("algorithm", [JwtAlgorithm.HS256, JwtAlgorithm.ES256, JwtAlgorithm.EDDSA])
def test_nothing_moves_when_the_key_signs_and_verifies(algorithm: JwtAlgorithm) -> None:
    rotations = JwtRotations(algorithm)
    rotations.rotate()
    rotations.rotate()
    before = dict(rotations.store.labels)

    assert rotations.canary().outcome is Outcome.VERIFIED
    assert rotations.store.labels == before


@pytest.mark.parametrize("damage", DAMAGES, ids=range(len(DAMAGES)))
def test_current_works_again_when_the_value_is_damaged(damage: dict[str, object]) -> None:
    rotations = JwtRotations(JwtAlgorithm.ES256)
    before = rotations.rotate()
    rotations.rotate()
    rotations.store.values[rotations.store.labels["AWSCURRENT"]] = json.dumps(damage)

    with pytest.raises(RotationError) as caught:
        rotations.canary()

    assert caught.value.cause is Cause.CANARY_ROLLED_BACK
    assert rotations.store.current() == before
    assert rotations.current_works()


def test_nothing_moves_when_the_version_before_is_damaged_too() -> None:
    rotations = JwtRotations(JwtAlgorithm.ES256)
    rotations.rotate()
    rotations.rotate()
    for label in ("AWSCURRENT", "AWSPREVIOUS"):
        rotations.store.values[rotations.store.labels[label]] = "{}"
    before = dict(rotations.store.labels)

    with pytest.raises(RotationError) as caught:
        rotations.canary()

    assert caught.value.cause is Cause.CANARY_REFUSED
    assert rotations.store.labels == before
