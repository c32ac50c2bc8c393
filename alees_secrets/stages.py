"""Which version of a secret is meant."""

from enum import StrEnum


class VersionStage(StrEnum):
    """Staging labels of Secrets Manager that this client reads.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html, "Secret version".
    """

    CURRENT = "AWSCURRENT"
    """The version that is in use."""

    PREVIOUS = "AWSPREVIOUS"
    """The version that was AWSCURRENT before."""

    PENDING = "AWSPENDING"
    """The version that a rotation is making. Applications have no permission to read it."""
