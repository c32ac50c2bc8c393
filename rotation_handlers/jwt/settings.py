"""The JWT function's environment variable as a frozen model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from alees_secrets.kinds import JWT_ALGORITHMS, JwtAlgorithm
from rotation_handlers.errors import Cause, RotationError


@dataclass(frozen=True, kw_only=True, slots=True)
class JwtSettings:
    """What rotation makes.

    Attributes:
        algorithm: What the next version signs with. A change takes effect at the next rotation; the version before
            keeps its own.
    """

    algorithm: JwtAlgorithm

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Return the settings in *environ*.

        Raises:
            RotationError: JWT_ALGORITHM is missing or not one of the algorithms.
        """
        algorithm = environ.get("JWT_ALGORITHM")
        if algorithm in JWT_ALGORITHMS:
            return cls(algorithm=JwtAlgorithm(algorithm))
        problem = "is missing" if algorithm is None else f"is {algorithm!r}"
        raise RotationError(
            Cause.BAD_SETTINGS,
            f"environment variable JWT_ALGORITHM {problem}; allowed are {', '.join(JWT_ALGORITHMS)}; "
            "deploy the environment's stack again",
        )
