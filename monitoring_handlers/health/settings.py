"""What the health function knows of its environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from alees_secrets.observing import Declared


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthSettings:
    """What is looked at.

    Attributes:
        declared: The environment's secrets, from the package's file ``declared.json``.
        endpoints: Endpoints that configuration subscribes to alerts, from ``endpoints.json``.
        topic_arn: The topic of alerts.
        trail_arn: The account's trail; None if the account had one already, which is others' to watch.
    """

    declared: Declared
    endpoints: tuple[str, ...]
    topic_arn: str
    trail_arn: str | None

    @classmethod
    def read(cls, package: Path, variables: Mapping[str, str]) -> Self:
        """Return the settings in the package's files and the function's environment variables.

        Raises:
            KeyError: A variable is missing.
            OSError: A file is missing.
        """
        return cls(
            declared=Declared.from_json((package / "declared.json").read_text(encoding="utf-8")),
            endpoints=tuple(json.loads((package / "endpoints.json").read_text(encoding="utf-8"))),
            topic_arn=variables["TOPIC_ARN"],
            trail_arn=variables.get("TRAIL_ARN"),
        )
