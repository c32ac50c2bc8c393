"""Keys for each algorithm: how they are made, written as text and read again."""

import secrets
from collections.abc import Callable, Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from alees_secrets.kinds import HMAC_KEY_CHARACTERS, UNRESERVED, JwtAlgorithm
from rotation_handlers.errors import UnusablePendingError

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

SigningKey = str | PrivateKey
"""What signs: the characters themselves for HMAC, a private key for the other algorithms."""

RSA_BITS = 3072
"""Size of new RSA keys: 128 bits of security, as ES256 and EdDSA have (NIST SP 800-57 part 1 revision 5, table 2).

2048 bits, the least that RFC 7518, section 3.3, allows, are 112 bits of security, which table 4 of the same document
ends in 2030. 4096 take three times as long to make and twice as long for each token."""

SMALLEST_RSA_BITS = 2048
"""Smallest RSA key that RFC 7518, section 3.3, allows."""

_MAKERS: Mapping[JwtAlgorithm, Callable[[], PrivateKey]] = {
    JwtAlgorithm.RS256: lambda: rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS),
    JwtAlgorithm.ES256: lambda: ec.generate_private_key(ec.SECP256R1()),
    JwtAlgorithm.EDDSA: ed25519.Ed25519PrivateKey.generate,
}

_DESCRIPTIONS: Mapping[JwtAlgorithm, str] = {
    JwtAlgorithm.RS256: f"an RSA key of {SMALLEST_RSA_BITS} bits or more",
    JwtAlgorithm.ES256: "a key on the curve P-256",
    JwtAlgorithm.EDDSA: "an Ed25519 key",
}


def new_key(algorithm: JwtAlgorithm) -> SigningKey:
    """Return a new random key.

    HMAC keys have the fewest characters that HMAC_KEY_CHARACTERS allows, of UNRESERVED.
    """
    if algorithm in HMAC_KEY_CHARACTERS:
        return "".join(secrets.choice(UNRESERVED) for _ in range(HMAC_KEY_CHARACTERS[algorithm]))
    return _MAKERS[algorithm]()


def to_text(key: SigningKey) -> str:
    """Return *key* as it stands in a secret: private keys as unencrypted PKCS#8 in PEM (RFC 5958, RFC 7468)."""
    if isinstance(key, str):
        return key
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def from_text(algorithm: JwtAlgorithm, text: str) -> SigningKey:
    """Return the key that to_text wrote.

    Raises:
        UnusablePendingError: *text* is no key for *algorithm*, or is written in another way.
    """
    if algorithm in HMAC_KEY_CHARACTERS:
        if not set(text) <= set(UNRESERVED):
            raise UnusablePendingError(
                f"secret_key of the AWSPENDING value has characters that {algorithm} keys are not made of; "
                "allowed are letters, digits and -._~"
            )
        return text
    try:
        key = serialization.load_pem_private_key(text.encode("ascii"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Nothing is raised here: a UnicodeEncodeError holds the whole text, and would stay in __context__.
        key = None
    if isinstance(key, PrivateKey) and _fits(algorithm, key) and to_text(key) == text:
        return key
    raise UnusablePendingError(
        f"secret_key of the AWSPENDING value is not {_DESCRIPTIONS[algorithm]} as unencrypted PKCS#8 in PEM, which "
        f"{algorithm} needs"
    )


def verification_key(key: SigningKey) -> str | PublicKey:
    """Return what verifies tokens that *key* signs: itself for HMAC, the public key for the other algorithms."""
    return key if isinstance(key, str) else key.public_key()


def _fits(algorithm: JwtAlgorithm, key: PrivateKey) -> bool:
    if algorithm is JwtAlgorithm.RS256:
        return isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA_BITS
    if algorithm is JwtAlgorithm.ES256:
        return isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    return isinstance(key, ed25519.Ed25519PrivateKey)
