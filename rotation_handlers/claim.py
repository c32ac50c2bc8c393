"""What a rotation may rely on while its target makes the new value: that it is still its turn.

What a target makes before the value is stored is known to nobody if the function dies, and there is no lock that both
the target and Secrets Manager would heed. So each change at the target comes right after a look at the labels, and a
credential may be ended only when it was listed before that look: what a newer rotation makes is made after it.
"""

from alees_secrets.values import SecretFields
from rotation_handlers.errors import OvertakenError
from rotation_handlers.labels import Labels
from rotation_handlers.versions import SecretVersions


class Claim:
    """A rotation's claim to make its version's value.

    Args:
        versions: The secret's, for the rotation.
        current: Id of the version whose value was read as AWSCURRENT's.
    """

    def __init__(self, versions: SecretVersions, current: str) -> None:
        self._versions = versions
        self._current = current

    @property
    def token(self) -> str:
        """Return the id of the rotation's version."""
        return self._versions.token

    @property
    def current(self) -> str:
        """Return the id of the version whose value was read as AWSCURRENT's."""
        return self._current

    def stored(self) -> SecretFields | None:
        """Return the value that the rotation's version has already; None if it has none."""
        return self._versions.pending_if_stored()

    def require(self) -> Labels:
        """Return the labels, if the rotation holds AWSPENDING without a value, and AWSCURRENT is where it was.

        Raises:
            RotationError: Something moved, or another delivery of the step stored a value.
        """
        labels = self._versions.labels()
        self._versions.require_pending(labels)
        if labels.current != self._current or self.stored() is not None:
            raise OvertakenError
        return labels

    def retire_previous(self) -> None:
        """Take the labels from AWSPREVIOUS that lead back to it: its credential is about to be ended.

        Raises:
            RotationError: The rotation may not go on.
        """
        previous = self.require().previous
        if previous is not None:
            self._versions.retire(previous)
