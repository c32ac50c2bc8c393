import pickle
import subprocess
import sys
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import jwt
import pytest

from alees_secrets import ConfigurationError, JwtKey, SecretDamagedError
from alees_secrets.kinds import HMAC_KEY_CHARACTERS, JwtAlgorithm
from rotation_handlers.jwt.keys import new_key, to_text
from tests.fakes.canary import CANARY
from tests.unit.alees_secrets.fake_source import version

CHECKOUT = Path(__file__).parents[3]
ASYMMETRIC = [algorithm for algorithm in JwtAlgorithm if algorithm not in HMAC_KEY_CHARACTERS]


@cache
def _pem(algorithm: JwtAlgorithm) -> str:
    return to_text(new_key(algorithm))


def _key(algorithm: JwtAlgorithm, secret_key: str) -> JwtKey:
    return JwtKey(version({"secret_key": secret_key, "algorithm": algorithm.value}))


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_tokens_verify_when_the_key_of_each_algorithm_signs(algorithm: JwtAlgorithm) -> None:
    key = _key(algorithm, _pem(algorithm))
    token = jwt.encode({"sub": "somebody"}, key.signing_key(), algorithm=key.algorithm)
    assert jwt.decode(token, key.verification_key(), algorithms=[key.algorithm]) == {"sub": "somebody"}
    assert key.verification_key() is key.verification_key()


@pytest.mark.parametrize("algorithm", ASYMMETRIC)
def test_tokens_verify_with_what_is_published_when_it_is_read_by_others(algorithm: JwtAlgorithm) -> None:
    key = _key(algorithm, _pem(algorithm))
    published: dict[str, Any] = dict(key.jwk())
    token = jwt.encode({"sub": "somebody"}, key.signing_key(), algorithm=key.algorithm)
    assert jwt.decode(token, jwt.PyJWK(published), algorithms=[key.algorithm]) == {"sub": "somebody"}
    assert (published["kid"], published["use"], published["alg"]) == ("v1", "sig", algorithm.value)
    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & published.keys()


@pytest.mark.parametrize("algorithm", HMAC_KEY_CHARACTERS)
def test_publishing_is_refused_when_who_verifies_could_sign(algorithm: JwtAlgorithm) -> None:
    with pytest.raises(ConfigurationError, match="keep its key inside"):
        _key(algorithm, CANARY * 4).jwk()


@pytest.mark.parametrize(
    ("algorithm", "other"), [each for each in product(ASYMMETRIC, [*ASYMMETRIC, None]) if each[0] is not each[1]]
)
def test_damage_is_told_when_the_key_is_of_another_algorithm(
    algorithm: JwtAlgorithm, other: JwtAlgorithm | None
) -> None:
    key = _key(algorithm, CANARY if other is None else _pem(other))
    with pytest.raises(SecretDamagedError, match=f"no private key for {algorithm} in PEM; rotate it"):
        key.verification_key()


def test_extra_is_named_when_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)
    with pytest.raises(ConfigurationError) as caught:
        _key(JwtAlgorithm.RS256, "k").verification_key()
    assert str(caught.value) == "public keys of RS256 need the library cryptography; install alees-secrets[jwt]"


def test_no_cryptography_is_imported_when_keys_are_symmetric() -> None:
    program = "import sys, alees_secrets; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_key_id_and_algorithm_alone_are_shown_when_displayed() -> None:
    key = _key(JwtAlgorithm.HS256, CANARY * 2)
    assert repr(key) == "<JwtKey v1 HS256; key hidden>"
    shown = f"{key} {key!s} {key!r} {[key]} {[getattr(key, name) for name in key.__slots__]}"
    assert CANARY not in shown


def test_pickling_is_refused_when_tried() -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(_key(JwtAlgorithm.HS256, CANARY * 2))
