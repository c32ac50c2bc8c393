"""Subject and body of an alert, from its text and what was found."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from alees_secrets import naming
from monitoring_handlers.alerting.folding import Repeated
from monitoring_handlers.alerting.text import AlertText
from monitoring_handlers.findings import Finding
from monitoring_handlers.watched import Watched

LONGEST_SUBJECT = 99
"""SNS takes less than 100 characters of ASCII (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html)."""

RUNBOOK = "docs/runbooks/alerts.md"

_OF_TRAILS = "trail-changed"
"""The alert that names the trail, also where others made it; an alarm knows its log group alone."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is published: plain text, the same for all kinds of subscriptions."""

    subject: str
    body: str


class _Told(dict[str, str]):
    """What stands for the names in a text; what is not known is a hyphen, since an alert is never lost for a word."""

    def __missing__(self, name: str) -> str:
        return "-"


def compose(text: AlertText, finding: Finding, watched: Watched, repeated: Repeated | None) -> Message:
    """Return the message about *finding*.

    Args:
        text: Of the finding's alert.
        finding: What happened.
        watched: The environment.
        repeated: What was counted and not told since the last message; None if nothing.
    """
    words = _words(finding, watched)
    quoted = _Told({name: shlex.quote(word) for name, word in words.items()})
    commands = [command.format_map(quoted) for command in text.commands]
    where = f"{words['environment']}, account {watched.account}, {watched.region}"
    parts = [
        f"{text.severity}: {text.subject.format_map(words)}",
        "\n".join(
            f"{label:<13}{words[name]}"
            for label, name in (("What", "about"), ("By", "by"), ("When", "at"), ("From", "source"))
            if words[name] != "-"
        )
        + f"\n{'Environment':<13}{where}",
        f"WHAT HAPPENED\n{text.happened.format_map(words)}",
        f"WHAT IT MEANS\n{text.means.format_map(words)}",
        "RUN NEXT, in the project's folder; aws and npx need break-glass or an administrator\n"
        + "\n".join(f"    {command}" for command in commands),
        f"RUNBOOK\n{RUNBOOK}#{text.id}",
    ]
    if repeated is not None:
        parts.append(f"Repeated {repeated.times} {'time' if repeated.times == 1 else 'times'} since {repeated.since}.")
    parts.append(f"The same again within {text.fold_minutes} minutes is counted, and told with the next message.")
    return Message(_subject(text, words), "\n\n".join(parts) + "\n")


def _words(finding: Finding, watched: Watched) -> _Told:
    facts = {name: str(fact) for name, fact in finding.facts.items()}
    return _Told(
        {
            **facts,
            "about": finding.about,
            "by": finding.by,
            "at": time_text(finding.at),
            "path": finding.about.removeprefix(naming.prefix(finding.environment)),
            "environment": finding.environment.capitalize(),
            "stack": watched.stack,
            "account": watched.account,
            "region": watched.region,
            "trail": watched.trail or (finding.about if finding.alert == _OF_TRAILS else "NAME-OF-THE-TRAIL"),
            "incident": f"{finding.alert}-{finding.at.astimezone(UTC):%Y%m%d}",
        }
    )


def _subject(text: AlertText, words: Mapping[str, str]) -> str:
    """Return the subject: severity, environment, what; one line of printable ASCII."""
    whole = f"{text.severity} {words['environment']}: {text.subject.format_map(words)}"
    plain = "".join(letter if " " <= letter <= "~" else "?" for letter in whole)
    return plain if len(plain) <= LONGEST_SUBJECT else f"{plain[: LONGEST_SUBJECT - 3]}..."


def time_text(when: datetime) -> str:
    """Return a time as alerts show it, in UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
