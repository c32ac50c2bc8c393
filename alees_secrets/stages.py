"""Which version of a secret is meant."""

from enum import StrEnum

from alees_secrets.errors import ConfigurationError


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


def stage_of(stage: str) -> VersionStage:
    """Return the stage that a text names: applications without a type checker pass one.

    Raises:
        ConfigurationError: There is no such stage.
    """
    if stage not in tuple(VersionStage):
        raise ConfigurationError(f"stage is {stage!r}; allowed are {', '.join(VersionStage)}")
    return VersionStage(stage)
