"""The database function's environment variables as one frozen model.

They carry what may change between deployments (host, port, name). A changed host reaches the secret at the next
rotation.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rotation_handlers.errors import Cause, RotationError

CERTIFICATES = Path(__file__).parents[2] / "certificate-authority.pem"
"""Where the function's package holds the certificates that it trusts: in its root."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseSettings:
    """Where the database is and which roles rotation keeps in it.

    Attributes:
        host: Host that the server's certificate names.
        port: TCP port.
        name: Database name.
        schema: Schema in which the owner may create.
        owner: NOLOGIN role that owns what the ERP makes.
        logins: Two login roles that alternate, or one whose password is replaced.
        admin_secret: Name of the secret with the admin's username and password.
        certificate_authority: PEM file that the server's certificate is verified with.
        password_length: Characters of a generated password.
    """

    host: str
    port: int
    name: str
    schema: str
    owner: str
    logins: tuple[str, ...]
    admin_secret: str
    certificate_authority: Path
    password_length: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Return the settings in *environ*.

        Raises:
            RotationError: One is missing or malformed.
        """
        try:
            return cls(
                host=environ["DATABASE_HOST"],
                port=int(environ["DATABASE_PORT"]),
                name=environ["DATABASE_NAME"],
                schema=environ["DATABASE_SCHEMA"],
                owner=environ["DATABASE_OWNER"],
                logins=_logins(environ["DATABASE_LOGINS"]),
                admin_secret=environ["DATABASE_ADMIN_SECRET"],
                certificate_authority=CERTIFICATES,
                password_length=int(environ["DATABASE_PASSWORD_LENGTH"]),
            )
        except KeyError as error:
            problem = f"environment variable {error.args[0]} is missing"
        except ValueError:
            problem = (
                "DATABASE_LOGINS must be a JSON list of one or two names, DATABASE_PORT and DATABASE_PASSWORD_LENGTH "
                "numbers"
            )
        raise RotationError(Cause.BAD_SETTINGS, f"{problem}; deploy the environment's stack again")


def _logins(document: str) -> tuple[str, ...]:
    """Return the names in a JSON list, the only form that takes every name a role can have."""
    logins = json.loads(document)
    if not (isinstance(logins, list) and len(logins) in {1, 2} and all(isinstance(login, str) for login in logins)):
        raise ValueError
    return tuple(logins)
