"""Whether a value that is or was AWSCURRENT works, whichever way its login rotates."""

from alees_secrets.values import SecretFields
from rotation_handlers.database import comparison
from rotation_handlers.database.connection import connect
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.database.values import check_stored
from rotation_handlers.deadline import Deadline


def verify_login(value: SecretFields, settings: DatabaseSettings, deadline: Deadline) -> None:
    """Log in with *value* and work as the owner; changes nothing.

    Raises:
        RotationError: It is malformed, PostgreSQL refused it (AUTHENTICATION), or something else stood in the way.
    """
    check_stored(value, settings)
    login, password = str(value["username"]), str(value["password"])
    with connect(settings, deadline, user=login, password=password) as connection:
        comparison.require_owner(connection, settings, login)
