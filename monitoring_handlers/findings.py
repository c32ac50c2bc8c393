"""What the watching functions find, and how it travels: as events on the account's default bus.

access_watch and health find; alerting hears, and is the only one that writes texts and publishes. A finding holds
names, counts and times; never a value of a secret.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

SOURCE = "alees.secrets"
"""Source of the events."""

DETAIL_TYPE = "Alees Secrets Finding"

HEARTBEAT = "Alees Secrets Heartbeat"
"""Detail type of what health sends every hour, so that alerting is never without an event while it can be reached."""

Fact = str | int

_SESSION = re.compile(r"arn:[^:]+:sts::\d+:assumed-role/[^/]+/")

_NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that somebody should know.

    Attributes:
        alert: Id of the alert, a section of docs/runbooks/alerts.md, such as ``read-denied``.
        environment: Lower-case name of the environment, such as ``prod``.
        about: What it is about: the whole name of a secret, or of what else it happened to.
        by: Who did it: an ARN, or ``-`` where nobody did.
        at: When; aware.
        facts: More for the alert's text, by the names that stand in it. Where it is about several secrets, ``secrets``
            names them, with a comma and a space between them.
    """

    alert: str
    environment: str
    about: str
    by: str = "-"
    at: datetime
    facts: Mapping[str, Fact] = field(default_factory=lambda: _NO_FACTS)

    @property
    def principal(self) -> str:
        """Who did it, without the session: of a role, all its sessions are one, such as the servers of an application.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
        """
        return self.by.rpartition("/")[0] if _SESSION.match(self.by) else self.by

    @property
    def things(self) -> tuple[str, ...]:
        """What it is about, each by its whole name, in order; of several secrets each one."""
        return tuple(sorted(str(self.facts.get("secrets", self.about)).split(", ")))

    def entry(self) -> "PutEventsRequestEntryTypeDef":
        """Return the finding as an entry of PutEvents, for the default bus."""
        detail = {
            "alert": self.alert,
            "environment": self.environment,
            "about": self.about,
            "by": self.by,
            "at": self.at.isoformat(),
            "facts": dict(self.facts),
        }
        return {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": json.dumps(detail)}

    @classmethod
    def parse(cls, detail: Mapping[str, object]) -> "Finding":
        """Return the finding that an event's detail holds.

        Raises:
            ValueError: It holds none.
        """
        facts, words = detail.get("facts"), [detail.get(key) for key in ("alert", "environment", "about", "by", "at")]
        if not isinstance(facts, Mapping) or not all(isinstance(word, str) for word in words):
            raise ValueError("the event's detail is no finding")
        alert, environment, about, by, at = (str(word) for word in words)
        told = {str(key): said if isinstance(said, int) else str(said) for key, said in facts.items()}
        return cls(alert=alert, environment=environment, about=about, by=by, at=datetime.fromisoformat(at), facts=told)


MOST_ENTRIES = 10
"""Entries of one PutEvents (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html)."""


def batches(findings: Sequence[Finding]) -> "list[list[PutEventsRequestEntryTypeDef]]":
    """Return the entries of *findings*, as many to a list as one PutEvents takes."""
    entries = [finding.entry() for finding in findings]
    return [entries[first : first + MOST_ENTRIES] for first in range(0, len(entries), MOST_ENTRIES)]
