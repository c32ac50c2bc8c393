"""One secret's versions and labels after a rotation, as the canary sees them."""

from rotation_handlers.versions import CURRENT, PREVIOUS, StoredVersion, StoredVersions


class RotatedVersions(StoredVersions):
    """Reads the version before too, and gives AWSCURRENT back to it."""

    def previous(self) -> StoredVersion:
        """Return the AWSPREVIOUS version.

        Raises:
            RotationError: It is damaged, or there is none.
        """
        return self._at(PREVIOUS)

    def move_back(self, *, refused: str, previous: str) -> None:
        """Move AWSCURRENT from the version *refused* to *previous*; *refused* becomes AWSPREVIOUS.

        Raises:
            RotationError: *refused* does not hold AWSCURRENT any more, or the call failed. Whether the label moved is
                not known when Secrets Manager did not answer.
        """
        self._move(CURRENT, to=previous, holder=refused)
