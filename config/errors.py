"""The one error of configuration."""

from typing import NoReturn


class ConfigError(ValueError):
    """A configured value is not allowed. The message says field, value and what is allowed."""


def refuse(field: str, value: object, allowed: str) -> NoReturn:
    """Raise the error for one field.

    Args:
        field: Where the value stands, such as ``Prod.database.port``.
        value: What stands there. Configuration holds no secrets, so it is shown.
        allowed: What would be accepted, completing the sentence "allowed is ...".

    Raises:
        ConfigError: Always.
    """
    raise ConfigError(f"{field} is {value!r}; allowed is {allowed}")
