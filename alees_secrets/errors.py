"""Every error this package raises.

::

    SecretsError
    ├── ConfigurationError            mend the settings or the call
    │   ├── InvalidNameError          a name breaks the naming convention
    │   └── InvalidSecretError        fields do not fit the secret's kind
    ├── SecretNotFoundError           declare, create or restore the secret
    ├── SecretExistsError             update the secret instead of creating it
    ├── SecretNotInitializedError     rotate or set the secret for the first time
    ├── SecretDamagedError            the stored value is not what the kind requires: rotate, roll back or set it
    ├── RotationRefusedError          another rotation is under way, or rotation is not set up
    ├── RotationUnfinishedError       a rotation that was waited for was abandoned, or is not over yet
    ├── UnknownKeyError               a token names a JWT key that is not in use: refuse it
    ├── SecretAccessDeniedError       ask for the permission
    └── SecretUnavailableError        AWS did not answer: try again later

Messages carry names of secrets and fields, never values.
"""


class SecretsError(Exception):
    """Root of all errors of this package."""


class ConfigurationError(SecretsError, ValueError):
    """A setting or an argument is wrong; nothing was sent to AWS."""


class InvalidNameError(ConfigurationError):
    """A secret's name or path breaks ``alees/{environment}/{service}/{secret-name}``."""


class InvalidSecretError(ConfigurationError):
    """Fields given for a secret do not fit its kind."""


class SecretNotFoundError(SecretsError):
    """AWS has no such secret, or no version at the stage asked for."""


class SecretExistsError(SecretsError):
    """A secret of this name exists already, or is scheduled for deletion."""


class SecretNotInitializedError(SecretsError):
    """The secret still holds the placeholder that it was deployed with."""


class SecretDamagedError(SecretsError):
    """The stored value is not a JSON object with the fields that the secret's kind requires."""


class RotationRefusedError(SecretsError):
    """Secrets Manager did not start the rotation."""


class RotationUnfinishedError(SecretsError):
    """A rotation that was waited for was abandoned, or is not over in time."""


class UnknownKeyError(SecretsError):
    """No JWT key in use has the key id that a token names."""


class SecretAccessDeniedError(SecretsError):
    """IAM, the secret's policy or its key's policy denies the call."""


class SecretUnavailableError(SecretsError):
    """AWS did not answer, or answered with an error of its own."""
