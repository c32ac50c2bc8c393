"""Public keys of private ones in PEM. Needs the extra ``jwt``, which is imported by the first call."""

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from alees_secrets.errors import ConfigurationError, SecretDamagedError
from alees_secrets.kinds import HMAC_KEY_CHARACTERS, JwtAlgorithm

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

Jwk = dict[str, str]
"""A JSON Web Key (RFC 7517)."""

_P256_BYTES = 32


def public_pem(algorithm: JwtAlgorithm, private: Callable[[], str]) -> str:
    """Return the public key of a private key in PEM, in PEM.

    The private key comes as a function, so that no frame of an error's traceback holds it.

    Raises:
        ConfigurationError: The extra ``jwt`` is not installed.
        SecretDamagedError: It is no private key for *algorithm*.
    """
    key = _public_key(algorithm, private)
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra

    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def jwk_of(algorithm: JwtAlgorithm, private: Callable[[], str]) -> Jwk:
    """Return the members of a JSON Web Key that say what the public key is (RFC 7518, section 6; RFC 8037).

    Raises:
        ConfigurationError: *algorithm* has no public keys, or the extra ``jwt`` is not installed.
        SecretDamagedError: It is no private key for *algorithm*.
    """
    key = _public_key(algorithm, private)
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415

    if isinstance(key, rsa.RSAPublicKey):
        rsa_numbers = key.public_numbers()
        return {"kty": "RSA", "n": _number(rsa_numbers.n), "e": _number(rsa_numbers.e)}
    if isinstance(key, ec.EllipticCurvePublicKey):
        point = key.public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _number(point.x, _P256_BYTES), "y": _number(point.y, _P256_BYTES)}
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": _text(raw)}


def _public_key(algorithm: JwtAlgorithm, private: Callable[[], str]) -> "PublicKey":
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415
    except ModuleNotFoundError:
        installed = False
    else:
        installed = True
    if not installed:
        raise ConfigurationError(
            f"public keys of {algorithm} need the library cryptography; install alees-secrets[jwt]"
        )
    if algorithm in HMAC_KEY_CHARACTERS:
        raise ConfigurationError(f"{algorithm} has no public keys: who verifies could sign; keep its key inside")
    try:
        key: object = serialization.load_pem_private_key(private().encode(), password=None)
    except (ValueError, TypeError):
        key = None
    match algorithm, key:
        case JwtAlgorithm.RS256, rsa.RSAPrivateKey():
            return key.public_key()
        case JwtAlgorithm.ES256, ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()):
            return key.public_key()
        case JwtAlgorithm.EDDSA, ed25519.Ed25519PrivateKey():
            return key.public_key()
    raise SecretDamagedError(f"secret_key of the JWT secret is no private key for {algorithm} in PEM; rotate it")


def _number(number: int, length: int | None = None) -> str:
    return _text(number.to_bytes(length or (number.bit_length() + 7) // 8, "big"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
