"""The Alees ERP's secrets in AWS Secrets Manager.

::

    from alees_secrets import SecretsManager

    credentials = SecretsManager().get_secret("database/credentials")
    credentials["password"]

Importing this package imports no boto3 and reads no environment variable. It logs nothing itself, but botocore logs
requests and answers with their values at DEBUG: keep the logger ``botocore`` at INFO or above.
"""

from alees_secrets.errors import (
    ConfigurationError,
    InvalidNameError,
    InvalidSecretError,
    RotationRefusedError,
    SecretAccessDeniedError,
    SecretDamagedError,
    SecretExistsError,
    SecretNotFoundError,
    SecretNotInitializedError,
    SecretsError,
    SecretUnavailableError,
)
from alees_secrets.manager import SecretsManager
from alees_secrets.settings import Settings
from alees_secrets.source import AwsSecretSource, SecretSource
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields

__all__ = [
    "AwsSecretSource",
    "ConfigurationError",
    "InvalidNameError",
    "InvalidSecretError",
    "RotationRefusedError",
    "SecretAccessDeniedError",
    "SecretDamagedError",
    "SecretExistsError",
    "SecretFields",
    "SecretNotFoundError",
    "SecretNotInitializedError",
    "SecretSource",
    "SecretUnavailableError",
    "SecretsError",
    "SecretsManager",
    "Settings",
    "VersionStage",
]
