"""One service whose API key rotates, as its provider's file is given it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alees_secrets.errors import InvalidNameError
from alees_secrets.naming import SecretName
from alees_secrets.values import SecretFields
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError

DOCUMENT = Path(__file__).parents[2] / "services.json"
"""Where the function's package holds the services of its shard, as configuration declares them: in its root."""

_DEPLOY = "deploy the API keys' stack again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """What configuration says of a service.

    Attributes:
        provider: Name of the provider's file.
        settings: What the file is given.
        management: Name of the secret that it may read; None without one.
        management_fields: Fields of that secret which it uses.
        certificates: PEM certificates to verify servers with; None trusts what the system does.
    """

    provider: str
    settings: Mapping[str, Any]
    management: str | None
    management_fields: tuple[str, ...]
    certificates: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """One service in one invocation.

    Attributes:
        secret: Name of its secret.
        settings: What configuration gives the provider's file.
        certificates: PEM certificates to verify servers with; None trusts what the system does.
        read_management: Reads the secret that lets rotation manage keys; called only when it is needed.
        deadline: When waiting must end.
    """

    secret: SecretName
    settings: Mapping[str, Any]
    certificates: str | None
    read_management: Callable[[], SecretFields]
    deadline: Deadline

    @property
    def name(self) -> str:
        """Return the service's name: what stands in ``api/{name}/key``."""
        return self.secret.path.split("/")[1]


def read_declaration(name: str, document: Path = DOCUMENT) -> tuple[SecretName, Declaration]:
    """Return the name and the declaration of the service whose secret is *name*.

    Raises:
        RotationError: The document is missing or damaged, or does not hold the service.
    """
    try:
        declared = json.loads(document.read_text(encoding="utf-8"))[name]
        declaration = Declaration(**{**declared, "management_fields": tuple(declared["management_fields"])})
        secret = SecretName.parse(name)
    except OSError as error:
        problem = f"{document.name} cannot be read from the function's package ({type(error).__name__})"
    except KeyError:
        problem = f"{name} is none of the services that the function rotates"
    except (ValueError, TypeError, InvalidNameError) as error:
        problem = f"{document.name} in the function's package is damaged ({type(error).__name__})"
    else:
        return secret, declaration
    raise RotationError(Cause.BAD_SETTINGS, f"{problem}; {_DEPLOY}")
