"""Why a rotation step ended without doing its work.

::

    RotationError               has a cause, which names the section of docs/runbooks/rotation.md
    ├── OvertakenError          another rotation or a person moved the labels: this one may not go on
    └── UnusablePendingError    the pending value can never work: it is discarded, the next rotation makes another

Messages carry names of secrets, fields and settings; never values or user names.
"""

from enum import StrEnum


class Cause(StrEnum):
    """What stood in the way; each has a section in docs/runbooks/rotation.md."""

    BAD_EVENT = "bad-event"
    BAD_SETTINGS = "bad-settings"
    BAD_SECRET = "bad-secret"  # noqa: S105 - a cause's name
    OVERTAKEN = "overtaken"
    ROTATION_OFF = "rotation-off"
    ROTATION_PENDING = "rotation-pending"
    PENDING_DISCARDED = "pending-discarded"
    DEADLINE = "deadline"
    NETWORK = "network"
    DNS = "dns"
    TLS = "tls"
    AUTHENTICATION = "authentication"
    PRIVILEGE = "privilege"
    LOCK = "lock"
    DATABASE = "database"
    PROVIDER = "provider"
    IAM = "iam"
    KMS = "kms"
    SECRETS_MANAGER = "secrets-manager"
    CANARY_ROLLED_BACK = "canary-rolled-back"
    CANARY_REFUSED = "canary-refused"
    CANARY_UNSURE = "canary-unsure"
    UNEXPECTED = "unexpected"


class RotationError(Exception):
    """A step could not be done; AWSCURRENT is as it was, unless the cause is CANARY_ROLLED_BACK.

    Attributes:
        cause: Which section of the runbook applies.
    """

    def __init__(self, cause: Cause, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class OvertakenError(RotationError):
    """Another rotation or a person moved the labels."""

    def __init__(
        self,
        message: str = "this rotation's version does not hold AWSPENDING any more; a newer change of labels stands",
    ) -> None:
        super().__init__(Cause.OVERTAKEN, message)


class UnusablePendingError(RotationError):
    """The pending value can never work.

    Attributes:
        reason: Why, without values.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(Cause.PENDING_DISCARDED, f"{reason}; it was discarded, rotate again to make another")
