"""The function's environment variable."""

import pytest

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.jwt.settings import JwtSettings

ALLOWED = "allowed are HS256, HS384, HS512, RS256, ES256, EdDSA; deploy the environment's stack again"


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_the_algorithm_is_read_when_it_is_one_of_the_six(algorithm: JwtAlgorithm) -> None:
    assert JwtSettings.from_environment({"JWT_ALGORITHM": algorithm.value}).algorithm is algorithm


@pytest.mark.parametrize(
    ("environment", "problem"),
    [({}, "is missing"), ({"JWT_ALGORITHM": ""}, "is ''"), ({"JWT_ALGORITHM": "none"}, "is 'none'")],
)
def test_the_allowed_algorithms_are_named_when_it_is_missing_or_another(
    environment: dict[str, str], problem: str
) -> None:
    with pytest.raises(RotationError, match=f"^environment variable JWT_ALGORITHM {problem}; {ALLOWED}$") as caught:
        JwtSettings.from_environment(environment)

    assert caught.value.cause is Cause.BAD_SETTINGS
