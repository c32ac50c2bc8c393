"""What the function is told by its environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertingSettings:
    """Where alerts go, and of which environment.

    Attributes:
        environment: Lower-case name, such as ``prod``.
        stack: Name of its stack of secrets.
        account: Account number.
        region: Where the function runs.
        trail: Name of the account's trail; empty when others made it.
        trail_log_group: Name of the trail's log group.
        topic_arn: Where alerts are published.
        table: Where repetitions are counted.
    """

    environment: str
    stack: str
    account: str
    region: str
    trail: str
    trail_log_group: str
    topic_arn: str
    table: str

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Self:
        """Return the settings that *variables* hold.

        Raises:
            KeyError: One is missing.
        """
        return cls(
            environment=variables["ENVIRONMENT"],
            stack=variables["STACK"],
            account=variables["ACCOUNT"],
            region=variables["AWS_REGION"],
            trail=variables["TRAIL"],
            trail_log_group=variables["TRAIL_LOG_GROUP"],
            topic_arn=variables["TOPIC_ARN"],
            table=variables["TABLE"],
        )
