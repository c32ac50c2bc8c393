"""What one alert says."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is, as subjects begin."""

    CRITICAL = "CRITICAL"
    """Somebody has to get up: values may be known to others, or what works may stop."""

    WARNING = "WARNING"
    """Within the working day."""

    NOTICE = "NOTICE"
    """Good to know; nothing is to be done if it was meant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertText:
    """The text of one kind of alert.

    In every text, ``{about}``, ``{by}``, ``{at}``, ``{path}`` (of the secret below its environment's prefix) and
    ``{environment}`` (capitalized, as commands take it) stand for the finding's; ``{stack}``, ``{account}``,
    ``{region}`` and ``{trail}`` for the environment's; ``{incident}`` for an id to record; its facts for themselves.

    Attributes:
        id: Such as ``read-denied``; the section of docs/runbooks/alerts.md.
        severity: How bad.
        subject: What happened, to what; severity and environment stand before it, and what is
            beyond 99 characters is cut (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
        happened: What happened, in whole sentences.
        means: What it means, and for whom.
        commands: What to run next, in order; whole commands that can be pasted.
        fold_minutes: How long a repetition of the same alert about the same things by the same role or user is
            counted and not told.
    """

    id: str
    severity: Severity
    subject: str
    happened: str
    means: str
    commands: tuple[str, ...]
    fold_minutes: int = 60
