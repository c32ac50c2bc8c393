"""What makes applications read their secrets again that cannot do it by themselves."""

from dataclasses import dataclass

from config.checks import check_pattern
from config.errors import refuse

_MOST_VALUES = 5
"""What a rule of EventBridge takes (RunCommandTarget, Values)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReloadCommand:
    """Shell commands that run on EC2 instances each time a secret of the environment changed.

    Attributes:
        commands: Lines of a shell script, run as root in one shell. They get nothing of the secret.
        tag: Key of the tag by which instances are chosen.
        values: Values of that tag; an instance with any of them runs the commands.
    """

    commands: tuple[str, ...]
    tag: str
    values: tuple[str, ...]

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``Prod.reload``."""
        if not self.commands:
            refuse(f"{field}.commands", self.commands, "one line or more, such as systemctl reload alees")
        for line in self.commands:
            check_pattern(f"{field}.commands", line, r"[^\n]*\S[^\n]*", "lines that are not empty")
        check_pattern(f"{field}.tag", self.tag, r"[\w.:/=+@-]{1,128}", "the key of a tag, such as alees:reload")
        if not 1 <= len(self.values) <= _MOST_VALUES:
            refuse(f"{field}.values", self.values, f"1 to {_MOST_VALUES} values of the tag")
        for value in self.values:
            check_pattern(f"{field}.values", value, r"[\w.:/=+@-]{1,256}", "the value of a tag")
