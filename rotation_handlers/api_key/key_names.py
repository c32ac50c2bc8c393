"""What a service's keys are called at their provider, so that a rotation finds its own and no others."""

import re

from alees_secrets.naming import ROOT
from rotation_handlers.api_key.service import Service
from rotation_handlers.errors import Cause, RotationError

_TOKEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A version's id as Secrets Manager and boto3 make it. Nothing else ends a key's name, so that the keys of a service
``a`` are never taken for those of a service ``a-b``, which may have them at the same account."""


class KeyNames:
    """Names ``alees-{environment}-{service}-{version id}``.

    Args:
        service: Whose keys.
    """

    def __init__(self, service: Service) -> None:
        self._prefix = f"{ROOT}-{service.secret.environment}-{service.name}-"

    def name_for(self, token: str) -> str:
        """Return the name of the key that is made for the version *token*.

        Raises:
            RotationError: The version's id is no UUID, so that the name could be another service's.
        """
        if not _TOKEN.fullmatch(token):
            raise RotationError(Cause.BAD_EVENT, "the version's id is no UUID, which the key's name must end in")
        return self._prefix + token

    def version_of(self, name: object) -> str | None:
        """Return the id of the version that the key called *name* was made for; None if it is no key of the service."""
        if not isinstance(name, str) or not name.startswith(self._prefix):
            return None
        token = name.removeprefix(self._prefix)
        return token if _TOKEN.fullmatch(token) else None
