"""Tokens that prove a key: it signs what its counterpart accepts, and no other key does."""

import jwt

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.errors import UnusablePendingError
from rotation_handlers.jwt.keys import PublicKey, SigningKey

_CLAIMS = {"aud": "alees-rotation-test"}
"""An audience of its own, which no application names: the token is of no use anywhere else."""


def prove(algorithm: JwtAlgorithm, *, signer: SigningKey, verifier: str | PublicKey, stranger: SigningKey) -> None:
    """Sign tokens and verify them.

    Args:
        algorithm: What to sign with, and the only algorithm that is accepted.
        signer: The key to prove.
        verifier: What verifies its tokens.
        stranger: Another key for the same algorithm.

    Raises:
        UnusablePendingError: *verifier* refuses the token of *signer*, or accepts the one of *stranger*.
    """
    if not _verifies(verifier, jwt.encode(_CLAIMS, signer, algorithm=algorithm.value), algorithm):
        raise UnusablePendingError("a token that the AWSPENDING key signed does not verify")
    if _verifies(verifier, jwt.encode(_CLAIMS, stranger, algorithm=algorithm.value), algorithm):
        raise UnusablePendingError("a token that another key signed verifies with the AWSPENDING key")


def _verifies(verifier: str | PublicKey, token: str, algorithm: JwtAlgorithm) -> bool:
    try:
        jwt.decode(token, verifier, algorithms=[algorithm.value], audience=_CLAIMS["aud"])
    except jwt.InvalidSignatureError:
        return False
    return True
