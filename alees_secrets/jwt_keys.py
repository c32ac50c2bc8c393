"""Keys that sign and verify JSON Web Tokens, with the key ids that tokens name them by (RFC 7515, section 4.1.4)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, SupportsIndex, final

from alees_secrets.kinds import HMAC_KEY_CHARACTERS, JwtAlgorithm
from alees_secrets.public_keys import jwk_of, public_pem
from alees_secrets.versions import SecretVersion

if TYPE_CHECKING:
    from alees_secrets.public_keys import Jwk


@final
class JwtKey:
    """One version of the JWT secret.

    Whatever shows it shows its key id and algorithm alone. It cannot be pickled.

    Attributes:
        kid: Id of the secret's version; what the header ``kid`` of its tokens holds.
        algorithm: The only algorithm that its tokens may name.
    """

    __slots__ = ("_secret", "_verifying", "algorithm", "kid")

    def __init__(self, version: SecretVersion) -> None:
        self.kid = version.version_id
        self.algorithm = JwtAlgorithm(version.fields["algorithm"])
        self._secret: Callable[[], str] = lambda: version.fields["secret_key"]
        self._verifying: Callable[[], str] | None = None

    @property
    def is_symmetric(self) -> bool:
        """Whether who verifies could sign: then the key is for nobody outside."""
        return self.algorithm in HMAC_KEY_CHARACTERS

    def signing_key(self) -> str:
        """Return what signs: the HMAC secret, or the private key in PEM."""
        return self._secret()

    def verification_key(self) -> str:
        """Return what verifies: the HMAC secret, or the public key in PEM, for which the extra ``jwt`` is needed.

        Raises:
            ConfigurationError: The extra is not installed.
            SecretDamagedError: The secret's key is not one for its algorithm.
        """
        if self.is_symmetric:
            return self._secret()
        if self._verifying is None:
            pem = public_pem(self.algorithm, self._secret)
            self._verifying = lambda: pem
        return self._verifying()

    def jwk(self) -> "Jwk":
        """Return the public key as a JSON Web Key (RFC 7517).

        Raises:
            ConfigurationError: The key is an HMAC secret, or the extra ``jwt`` is not installed.
            SecretDamagedError: The secret's key is not one for its algorithm.
        """
        return {"kid": self.kid, "use": "sig", "alg": self.algorithm.value, **jwk_of(self.algorithm, self._secret)}

    def __repr__(self) -> str:
        return f"<JwtKey {self.kid} {self.algorithm}; key hidden>"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("JwtKey cannot be pickled, since that would write the key in clear")
