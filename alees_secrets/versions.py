"""One version of a secret, as it was read."""

import uuid
from dataclasses import dataclass

from alees_secrets.errors import ConfigurationError
from alees_secrets.values import SecretFields


@dataclass(frozen=True, slots=True)
class SecretVersion:
    """The value of one version, and which version it is.

    Attributes:
        fields: Its value.
        version_id: Secrets Manager's id of it; no secret.
        created: When it was made, in seconds since 1970; it may have become AWSCURRENT later.
    """

    fields: SecretFields
    version_id: str
    created: float


def new_token() -> str:
    """Return an id for a new version; a request that is sent again with the same one is carried out once."""
    return str(uuid.uuid4())


def token_of(given: str | None) -> str:
    """Return the id for a new version: *given*, or a new one.

    Raises:
        ConfigurationError: Secrets Manager takes no id of this length
            (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html).
    """
    if given is None:
        return new_token()
    if not 32 <= len(given) <= 64:  # noqa: PLR2004 - of the document above
        raise ConfigurationError(
            f"the token, or version id, has {len(given)} characters; allowed are 32 to 64: give a UUID, or none"
        )
    return given
