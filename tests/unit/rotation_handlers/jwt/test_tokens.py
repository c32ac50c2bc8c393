"""What proves a key, and what does not."""

import pytest

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.errors import UnusablePendingError
from rotation_handlers.jwt.keys import SigningKey, verification_key
from rotation_handlers.jwt.tokens import prove

Keys = dict[JwtAlgorithm, SigningKey]


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_the_key_is_proved_when_its_own_token_alone_verifies(
    keys: Keys, other_keys: Keys, algorithm: JwtAlgorithm
) -> None:
    key = keys[algorithm]

    prove(algorithm, signer=key, verifier=verification_key(key), stranger=other_keys[algorithm])


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_the_key_is_refused_when_its_token_does_not_verify(
    keys: Keys, other_keys: Keys, algorithm: JwtAlgorithm
) -> None:
    other = other_keys[algorithm]

    with pytest.raises(UnusablePendingError, match="a token that the AWSPENDING key signed does not verify"):
        prove(algorithm, signer=keys[algorithm], verifier=verification_key(other), stranger=other)


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_the_key_is_refused_when_a_strangers_token_verifies(keys: Keys, algorithm: JwtAlgorithm) -> None:
    key = keys[algorithm]

    with pytest.raises(UnusablePendingError, match="a token that another key signed verifies"):
        prove(algorithm, signer=key, verifier=verification_key(key), stranger=key)
