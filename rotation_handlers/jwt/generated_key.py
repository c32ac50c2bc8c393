"""The strategy for JWT keys: each rotation makes a new key, which works at once and by itself.

There is no target to change, and no fence. A fence keeps a rotation from changing at the target what AWSCURRENT uses,
and here nothing outside the secret is changed: every key that was generated signs and verifies, so whichever version a
crash, a duplicate or a newer rotation leaves as AWSCURRENT, it works. Secrets Manager itself refuses to move the label
from a version that does not hold it any more, so a late step replaces only the version that it saw.
Tokens that the version before signed verify with that version, which names its own algorithm.
"""

from collections.abc import Callable, Mapping

from alees_secrets.errors import InvalidSecretError
from alees_secrets.kinds import KINDS, JwtAlgorithm, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.claim import Claim
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.jwt.keys import SigningKey, from_text, new_key, to_text, verification_key
from rotation_handlers.jwt.settings import JwtSettings
from rotation_handlers.jwt.tokens import prove
from rotation_handlers.strategy import Revocation, Revoked
from rotation_handlers.without_target import WithoutTarget


class GeneratedKey(WithoutTarget):
    """A new key for the configured algorithm at each rotation.

    Args:
        settings: Which algorithm.
        make_key: Makes a new key, another one each time.
    """

    def __init__(self, settings: JwtSettings, make_key: Callable[[JwtAlgorithm], SigningKey] = new_key) -> None:
        self._settings = settings
        self._make_key = make_key

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:  # noqa: ARG002 - the engine's
        """Return a new key with its algorithm; AWSCURRENT has no part in it."""
        algorithm = self._settings.algorithm
        return {"secret_key": to_text(self._make_key(algorithm)), "algorithm": algorithm.value}

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Refuse a pending value that is malformed for the algorithm it names, or whose key is AWSCURRENT's."""
        _read(pending)
        if current is not None and pending["secret_key"] == current.get("secret_key"):
            raise UnusablePendingError("secret_key of the AWSPENDING value is AWSCURRENT's")

    def test(self, pending: SecretFields) -> None:
        """Sign a token with *pending* and verify it, and see that another key's token is refused."""
        algorithm, key = _read(pending)
        prove(algorithm, signer=key, verifier=verification_key(key), stranger=self._make_key(algorithm))

    def verify(self, value: SecretFields) -> None:
        """Do with *value* what test does. Nobody else could refuse it, so what is damaged counts as refused."""
        try:
            self.test(value)
        except UnusablePendingError:
            works = False
        else:
            works = True
        if not works:
            raise RotationError(Cause.AUTHENTICATION, "the value does not sign tokens that it verifies")

    def revoke(self, revocation: Revocation) -> Revoked:
        """Change nothing: who reads the labels accepts no token of a version that lost AWSPREVIOUS."""
        return Revoked(revocation.is_in_use("secret_key"))

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Do nothing: nobody else knows the key."""


def _read(pending: SecretFields) -> tuple[JwtAlgorithm, SigningKey]:
    try:
        check_fields(KINDS[KindName.JWT], pending)
    except InvalidSecretError as error:
        problem = str(error)
    else:
        algorithm = JwtAlgorithm(pending["algorithm"])
        return algorithm, from_text(algorithm, pending["secret_key"])
    raise UnusablePendingError(f"the AWSPENDING value is {problem}")
