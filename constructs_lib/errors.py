"""Why a stack cannot be built.

::

    BuildError
    ├── AccessError                  the access matrix wants what no policy can say
    ├── CertificateAuthorityError    certificates cannot be read
    └── PackageError                 a function's package cannot be made
"""


class BuildError(Exception):
    """Something outside the configuration is missing. The message says what to do."""


class AccessError(BuildError):
    """The access matrix wants what no policy can say."""


class CertificateAuthorityError(BuildError):
    """The certificates to verify PostgreSQL with cannot be read."""


class PackageError(BuildError):
    """A rotation function's package cannot be made."""
