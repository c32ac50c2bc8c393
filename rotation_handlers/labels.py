"""Staging labels: which there are, and which version of a secret holds which.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
"""

from dataclasses import dataclass

CURRENT = "AWSCURRENT"
PREVIOUS = "AWSPREVIOUS"
REVOKED = "alees-revoked"
"""Our own label, on a version whose credential was ended on purpose: it is never to be used again."""

PENDING = "AWSPENDING"


@dataclass(frozen=True, slots=True)
class Labels:
    """Which version holds which label.

    Attributes:
        current: Id of the AWSCURRENT version, or None.
        pending: Id of the AWSPENDING version, or None.
        previous: Id of the AWSPREVIOUS version, or None.
        revoked: Id of the version that was revoked last, or None.
        rotates: Whether rotation of the secret is switched on.
    """

    current: str | None
    pending: str | None
    previous: str | None
    revoked: str | None
    rotates: bool
