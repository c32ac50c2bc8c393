"""The Alees ERP's secrets in AWS Secrets Manager.

::

    from alees_secrets import SecretsManager

    credentials = SecretsManager().get_secret("database/credentials")
    credentials["password"]

Importing this package imports no boto3 and reads no environment variable. It logs names, never
values, and mutes what botocore logs at DEBUG of these calls.
"""

from alees_secrets.errors import (
    ConfigurationError,
    InvalidNameError,
    InvalidSecretError,
    RotationRefusedError,
    RotationUnfinishedError,
    SecretAccessDeniedError,
    SecretDamagedError,
    SecretExistsError,
    SecretNotFoundError,
    SecretNotInitializedError,
    SecretsError,
    SecretUnavailableError,
    UnknownKeyError,
)
from alees_secrets.jwt_keys import JwtKey
from alees_secrets.manager import SecretsManager
from alees_secrets.policy import CachePolicy
from alees_secrets.rotation_progress import RotationPhase
from alees_secrets.settings import Settings
from alees_secrets.source import AwsSecretSource, SecretSource
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion

__all__ = [
    "AwsSecretSource",
    "CachePolicy",
    "ConfigurationError",
    "InvalidNameError",
    "InvalidSecretError",
    "JwtKey",
    "RotationPhase",
    "RotationRefusedError",
    "RotationUnfinishedError",
    "SecretAccessDeniedError",
    "SecretDamagedError",
    "SecretExistsError",
    "SecretFields",
    "SecretNotFoundError",
    "SecretNotInitializedError",
    "SecretSource",
    "SecretUnavailableError",
    "SecretVersion",
    "SecretsError",
    "SecretsManager",
    "Settings",
    "UnknownKeyError",
    "VersionStage",
]
