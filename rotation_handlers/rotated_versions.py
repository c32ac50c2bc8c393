"""One secret's versions and labels after a rotation, as the canary sees them."""

from contextlib import suppress

from rotation_handlers.errors import RotationError
from rotation_handlers.labels import CURRENT, PENDING, PREVIOUS, Labels
from rotation_handlers.versions import StoredVersion, StoredVersions


class RotatedVersions(StoredVersions):
    """Reads the version before too, and gives AWSCURRENT back to it."""

    def previous(self) -> StoredVersion:
        """Return the AWSPREVIOUS version.

        Raises:
            RotationError: It is damaged, or there is none.
        """
        return self._at(PREVIOUS)

    def settle(self, labels: Labels) -> None:
        """Take AWSPENDING from AWSCURRENT's version, before AWSCURRENT moves away from it.

        A rotation that ended well may have left it there; on another version it would look like one that is stuck. It
        is no matter if Secrets Manager took it away just before.
        """
        if labels.pending is not None and labels.pending == labels.current:
            with suppress(RotationError):
                self._remove(PENDING, labels.pending)

    def move_back(self, *, refused: str, previous: str) -> None:
        """Move AWSCURRENT from the version *refused* to *previous*; *refused* becomes AWSPREVIOUS.

        Raises:
            RotationError: *refused* does not hold AWSCURRENT any more, or the call failed. Whether the label moved is
                not known when Secrets Manager did not answer.
        """
        self._move(CURRENT, to=previous, holder=refused)
