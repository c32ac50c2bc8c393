"""The secret that lets rotation manage a provider's keys."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from alees_secrets.values import SecretFields
from rotation_handlers.api_key.templates import can_be_sent
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.secrets_manager import call, parse

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def read_management(client: "SecretsManagerClient", name: str | None, fields: Collection[str]) -> SecretFields:
    """Return the *fields* of the management secret.

    Args:
        client: boto3 client of Secrets Manager.
        name: Name of the secret; None if the service declares none.
        fields: Fields that it must have. Others are not used.

    Raises:
        RotationError: It cannot be read, lacks one of them, or one cannot stand in a request.
    """
    if name is None:
        raise RotationError(
            Cause.BAD_SETTINGS, "the service declares no management secret; declare one in its provider"
        )
    answer = call(lambda: client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT"))
    held: Mapping[str, object] = parse(answer.get("SecretString")) or {}
    lacking = [field for field in fields if not can_be_sent(held.get(field))]
    if lacking:
        raise RotationError(
            Cause.BAD_SECRET,
            f"the management secret {name} is no JSON object with {', '.join(lacking)}: printable ASCII without spaces",
        )
    return SecretFields({field: str(held[field]) for field in fields})
