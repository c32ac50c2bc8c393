"""Why something is done by hand, and by whom: what the record of it says."""

import shlex
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from operations.errors import OperationError, UsageError
from operations.observe import describe_failure
from operations.target import Target

_MOST = 256
"""Characters of a tag's value."""


@dataclass(frozen=True, slots=True)
class Because:
    """Reason, incident and caller.

    Attributes:
        reason: In the caller's words.
        incident: Id of an incident; None outside one.
        caller: ARN of who runs the command, as STS says. The functions believe it; CloudTrail has the proof.
    """

    reason: str
    incident: str | None
    caller: str

    def request(self) -> dict[str, str]:
        """Return it as a function's event has it."""
        incident = {"Incident": self.incident} if self.incident else {}
        return {"Reason": self.reason, "Caller": self.caller, **incident}

    def options(self) -> str:
        """Return it as options of a command line."""
        incident = f" --incident {shlex.quote(self.incident)}" if self.incident else ""
        return f"--reason {shlex.quote(self.reason)}{incident}"


def because(target: Target, reason: str, incident: str | None) -> Because:
    """Return why and by whom.

    Raises:
        UsageError: Reason or incident is blank or too long for the record.
        OperationError: AWS does not say who the caller is.
    """
    for option, text in (("--reason", reason), ("--incident", incident)):
        if text is not None and not 0 < len(text.strip()) <= _MOST:
            raise UsageError(f"{option} has {len(text.strip())} characters; allowed are 1 to {_MOST}")
    try:
        return Because(reason, incident, target.identities.get_caller_identity()["Arn"])
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"AWS does not say who you are: {describe_failure(error)}; log in again") from None
