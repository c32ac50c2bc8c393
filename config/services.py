"""The services that the ERP has API keys for."""

from dataclasses import dataclass
from enum import StrEnum

from config.checks import check_pattern, check_range
from config.errors import refuse


class Provider(StrEnum):
    """Who issues a service's API key."""

    INTERNAL = "internal"
    """Alees itself, for those who call the ERP."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiService:
    """A service with an API key.

    Attributes:
        name: Stands in the secret's name: ``api/{name}/key``.
        shard: Number of the stack that holds its secret. It never changes, so that no secret ever moves; a stack holds
            some 100 of them.
        provider: Who issues the key.
    """

    name: str
    shard: int
    provider: Provider

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``Prod.api_services``."""
        check_pattern(
            f"{field}.name", self.name, r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "lower-case letters, digits and hyphens"
        )
        check_range(f"{field}.shard", self.shard, 1, 99, "a whole number")
        if not isinstance(self.provider, Provider):
            refuse(f"{field}.provider", self.provider, f"one of {', '.join(map(str, Provider.__members__))}")

    @property
    def path(self) -> str:
        """Return the path of its secret."""
        return f"api/{self.name}/key"
