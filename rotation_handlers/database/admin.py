"""The admin secret: user name and password of a CREATEROLE role that is no superuser."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rotation_handlers.database.values import can_be_sent
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.secrets_manager import call, parse

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class AdminSecret:
    """Reads the admin secret when it is needed, never before.

    Args:
        client: boto3 client of Secrets Manager.
        name: Name of the secret. Fields other than ``username`` and ``password`` are not used: secrets that RDS manages
            hold no others.
    """

    def __init__(self, client: "SecretsManagerClient", name: str) -> None:
        self._client = client
        self._name = name

    def read(self) -> tuple[str, str]:
        """Return user name and password.

        Raises:
            RotationError: The secret cannot be read or lacks one of them.
        """
        answer = call(lambda: self._client.get_secret_value(SecretId=self._name, VersionStage="AWSCURRENT"))
        fields: Mapping[str, object] = parse(answer.get("SecretString")) or {}
        user, password = fields.get("username"), fields.get("password")
        if isinstance(user, str) and user and isinstance(password, str) and password and can_be_sent(user + password):
            return user, password
        raise RotationError(Cause.BAD_SECRET, "the admin secret lacks username or password, or is no JSON object")
