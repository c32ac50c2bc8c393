"""Under which user PostgreSQL runs: it refuses to be root."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local_cloud.errors import LocalCloudError

_NOBODY = 65534
"""The user and group without rights on Debian, Fedora, Alpine and others (kernel.overflowuid)."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user that the server's programs run as.

    Attributes:
        uid: User and group id to change to; None stays with the user of this process.
    """

    uid: int | None

    @classmethod
    def choose(cls) -> Self:
        """Return the user of this process, or the one without rights when that is root."""
        return cls(_NOBODY if os.geteuid() == 0 else None)

    def own(self, path: Path, mode: int) -> None:
        """Give *path* to the user, with these permissions."""
        path.chmod(mode)
        if self.uid is not None:
            os.chown(path, self.uid, self.uid)

    def obstacle(self, path: Path) -> Path | None:
        """Return the first folder on the way to *path* that does not let the user through; None if all do."""
        if self.uid is None:
            return None
        folders = reversed(path.resolve().parents)
        return next((folder for folder in folders if not folder.stat().st_mode & stat.S_IXOTH), None)

    def require_access(self, path: Path) -> None:
        """Check that the user may pass through every folder down to *path*.

        Raises:
            LocalCloudError: A folder does not let it through.
        """
        folder = self.obstacle(path)
        if folder is not None:
            raise LocalCloudError(
                f"PostgreSQL does not run as root and user {self.uid} may not pass through {folder}; run as an "
                f"ordinary user, or allow it: chmod o+x {folder}"
            )
