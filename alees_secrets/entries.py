"""What the cache holds under a path and a stage. Times are those of the cache's clock."""

from dataclasses import dataclass
from typing import NamedTuple

from alees_secrets.errors import SecretsError
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion

Key = tuple[str, VersionStage]
"""A secret's path and a stage."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A value in memory.

    Attributes:
        fields: What get_secret returns.
        version: What was read.
        seen: When this process first saw its version here in the place of another one; minus infinity if it saw none
            before.
        confirmed: When AWS was last asked for it with success.
        due: From when on it is to be read again; never later than it may be served.
    """

    fields: SecretFields
    version: SecretVersion
    seen: float
    confirmed: float
    due: float


class Failure(NamedTuple):
    """A read that failed while there was nothing to serve.

    Attributes:
        error: Why. It is not raised itself, since an exception keeps the frames that it passes through.
        due: From when on it is tried again in the background.
        until: From when on it is forgotten.
    """

    error: SecretsError
    due: float
    until: float

    def again(self) -> SecretsError:
        """Return an error like the first one."""
        return type(self.error)(*self.error.args)
