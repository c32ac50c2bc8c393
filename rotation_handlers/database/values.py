"""Values of the database secret: what a rotation makes, and which ones it can work with."""

import secrets

from alees_secrets.errors import InvalidSecretError
from alees_secrets.kinds import KINDS, UNRESERVED, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError


def new_value(settings: DatabaseSettings, login: str) -> dict[str, str | int]:
    """Return *login* with a new password, and the endpoint as it is configured now."""
    return {
        "username": login,
        "password": "".join(secrets.choice(UNRESERVED) for _ in range(settings.password_length)),
        "host": settings.host,
        "port": settings.port,
        "dbname": settings.name,
    }


def login_in_use(current: SecretFields | None) -> str | None:
    """Return the login that AWSCURRENT names; None before the first rotation.

    Raises:
        RotationError: It names none: nobody could tell which login must be left alone.
    """
    if current is None:
        return None
    login = current.get("username")
    if not isinstance(login, str) or not login:
        raise RotationError(Cause.BAD_SECRET, "the AWSCURRENT value has no username that is a string")
    return login


def check_pending(pending: SecretFields, settings: DatabaseSettings) -> None:
    """Refuse a pending value that is malformed, out of date, or whose login is not ours.

    Raises:
        UnusablePendingError: It is.
    """
    problem = _problem(pending, settings)
    if problem is not None:
        raise UnusablePendingError(f"the AWSPENDING value {problem}")


def check_stored(value: SecretFields, settings: DatabaseSettings) -> None:
    """Refuse a value that is or was AWSCURRENT for what check_pending refuses.

    Raises:
        RotationError: It is malformed or out of date, or its login is not ours.
    """
    problem = _problem(value, settings)
    if problem is not None:
        raise RotationError(Cause.BAD_SECRET, f"the value {problem}")


def can_be_sent(text: str) -> bool:
    """Tell whether PostgreSQL's protocol can carry *text*: no NUL, and no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _problem(value: SecretFields, settings: DatabaseSettings) -> str | None:
    try:
        check_fields(KINDS[KindName.DATABASE], value)
    except InvalidSecretError as error:
        return f"is {error}"
    if value["username"] not in settings.logins:
        return "names none of the configured logins"
    if (value["host"], value["port"], value["dbname"]) != (settings.host, settings.port, settings.name):
        return "names another endpoint than the one configured now"
    if not can_be_sent(str(value["password"])):
        return "has a password that PostgreSQL cannot be sent"
    return None
