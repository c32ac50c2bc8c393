"""What the strategy needs of whoever issues credentials."""

from collections.abc import Mapping
from typing import Protocol

from alees_secrets.values import SecretFields


class Issuer(Protocol):
    """Issues the credentials of one secret. Every call is bounded by the function's deadline.

    Raises:
        RotationError: From every method: the issuer could not be asked, refused, or answered with something else.
    """

    def list_credentials(self) -> Mapping[str, str | None]:
        """Return every live credential that rotations of this secret made, and no other.

        By its id, the id of the version that its name carries; None where credentials have no names.
        """

    def create(self, token: str) -> Mapping[str, str | int]:
        """Make a credential and return a whole new value for the secret.

        Args:
            token: Id of the version that the value is for. The credential's name carries it where there are names.
        """

    def id_of(self, value: SecretFields) -> str:
        """Return the id of the credential in *value*.

        Raises:
            RotationError: *value* is damaged, so that nobody can tell.
        """

    def verify(self, value: SecretFields) -> None:
        """Use *value* as an application would.

        Raises:
            RotationError: It could not be used. The cause is AUTHENTICATION only if the issuer itself refused it.
        """

    def revoke(self, credential_id: str) -> None:
        """End a credential; does nothing if it is gone already."""
