"""Keys that take long to make, and one of each algorithm."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.jwt.keys import SigningKey, new_key


@pytest.fixture(scope="session")
def keys() -> dict[JwtAlgorithm, SigningKey]:
    """A new key for each algorithm."""
    return {algorithm: new_key(algorithm) for algorithm in JwtAlgorithm}


@pytest.fixture(scope="session")
def other_keys() -> dict[JwtAlgorithm, SigningKey]:
    """Another key for each algorithm; the RSA key is the smallest that is allowed."""
    smallest = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return {algorithm: new_key(algorithm) for algorithm in JwtAlgorithm if algorithm is not JwtAlgorithm.RS256} | {
        JwtAlgorithm.RS256: smallest
    }
