"""What the function is told by its environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchSettings:
    """Which environment the function watches.

    Attributes:
        stack: Name of the environment's stack of secrets.
        region: Where the function runs.
        recovery_region: Where the replicas are.
        trail_log_group: Name of the log group that it is subscribed to.
        trail: Name of the account's trail; empty when others made it.
        table: Where it remembers.
    """

    stack: str
    region: str
    recovery_region: str
    trail_log_group: str
    trail: str
    table: str

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Return the settings that *variables* hold.

        Raises:
            KeyError: One is missing.
        """
        return cls(
            stack=variables["STACK"],
            region=variables["AWS_REGION"],
            recovery_region=variables["RECOVERY_REGION"],
            trail_log_group=variables["TRAIL_LOG_GROUP"],
            trail=variables["TRAIL"],
            table=variables["TABLE"],
        )
