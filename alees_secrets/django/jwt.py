"""Sign and verify JSON Web Tokens with ``jwt/credentials``; needs the extra ``jwt``."""

from collections.abc import Mapping
from typing import Any

import jwt

from alees_secrets.django.attempts import hiding
from alees_secrets.errors import UnknownKeyError
from alees_secrets.manager import SecretsManager


def sign(claims: Mapping[str, Any]) -> str:
    """Return a token with *claims* (RFC 7519), signed by the key of now, which its header names."""
    key = SecretsManager().signing_key()
    return hiding(
        lambda: jwt.encode(dict(claims), key.signing_key(), algorithm=key.algorithm, headers={"kid": key.kid})
    )


def verify(token: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - PyJWT's own
    """Return the claims of a token that a key in use has signed with its own algorithm.

    Args:
        token: As it came.
        options: Arguments of ``jwt.decode``, such as ``audience`` and ``issuer``.

    Raises:
        InvalidTokenError: PyJWT's: no key in use has signed it, or a claim does not hold.
        SecretUnavailableError: It cannot be known whether its key was revoked.
    """
    kid = jwt.get_unverified_header(token).get("kid")
    try:
        key = SecretsManager().verification_key(str(kid))
    except UnknownKeyError as error:
        raise jwt.InvalidTokenError("the token's header names no key in use") from error
    claims: dict[str, Any] = hiding(
        lambda: jwt.decode(token, key.verification_key(), algorithms=[key.algorithm], **options)
    )
    return claims
