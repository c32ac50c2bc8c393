"""What people start in a function by hand, beside the steps that Secrets Manager asks for, and the record of it.

An operation's one log line has ``audit: true`` and says who did what to which secret, why and with what outcome; the
function's log group is the audit log. Who did it is what the command line claims; the proof is CloudTrail's.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from alees_secrets.naming import OPERATION_TAGS
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.handled_versions import HandledVersions
from rotation_handlers.strategy import Strategy

_RECORDED = ("Reason", "Incident", "Caller")
_COMMON = frozenset({"SecretId", *_RECORDED})

_TAG_LENGTH = 256
_NOT_IN_TAGS = re.compile(r"[^\w +\-=.:/@]", re.ASCII)
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html

_LINE_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class Work:
    """What an operation works on.

    Attributes:
        operation: Its name.
        request: The event. Never logged.
        secret: Whole name of the secret.
        versions: The secret's.
        strategy: The kind's.
        deadline: When waiting must end.
        sleep: Waits for that many seconds.
    """

    operation: str
    request: Mapping[str, object]
    secret: str
    versions: HandledVersions
    strategy: Strategy
    deadline: Deadline
    sleep: Callable[[float], None] = time.sleep

    @property
    def own(self) -> dict[str, object]:
        """Return the request without what every request has: the secret, and what is recorded."""
        return {key: said for key, said in self.request.items() if key not in _COMMON}

    def text(self, key: str) -> str:
        """Return what the request says under *key*.

        Raises:
            RotationError: It says nothing.
        """
        said = self.request.get(key)
        if isinstance(said, str) and said.strip():
            return said
        raise RotationError(Cause.BAD_EVENT, f"the request for {self.operation} lacks {key}")

    def record(self, what: str | None = None) -> None:
        """Tag the secret with *what* is done, the operation's name, just before it: nothing is done unrecorded.

        Raises:
            RotationError: The request does not say why and who, or the secret cannot be tagged.
        """
        said = (
            what or self.operation,
            self.text("Reason"),
            str(self.request.get("Incident") or "-"),
            self.text("Caller"),
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self.versions.tag(
            {key: _NOT_IN_TAGS.sub("_", text)[:_TAG_LENGTH] for key, text in zip(OPERATION_TAGS, said, strict=True)}
        )


Operation = Callable[[Work], dict[str, object]]
"""Does what a request asks for and returns the function's answer: JSON, without values."""


def names_operation(event: object) -> bool:
    """Tell whether *event* asks for an operation rather than for a rotation's step."""
    return isinstance(event, Mapping) and "Operation" in event


def find_operation(event: object, operations: Mapping[str, Operation]) -> tuple[str, str, Mapping[str, object]]:
    """Return name of the operation, ARN of the secret, and the request that *event* is.

    Raises:
        RotationError: It names no operation of *operations*, or no secret.
    """
    request = event if isinstance(event, Mapping) else {}
    name, secret_id = request.get("Operation"), request.get("SecretId")
    if not isinstance(name, str) or name not in operations:
        raise RotationError(Cause.BAD_EVENT, f"the event names no operation; allowed is {', '.join(operations)}")
    if not isinstance(secret_id, str):
        raise RotationError(Cause.BAD_EVENT, f"the request for {name} lacks SecretId")
    return name, secret_id, request


def audit_line(request: Mapping[str, object]) -> dict[str, object]:
    """Return what the log line of an operation says of its request: who and why, never all of it."""
    line: dict[str, object] = {"audit": True, "operation": request.get("Operation")}
    for key in ("What", *_RECORDED):
        if request.get(key) is not None:
            line[key.lower()] = str(request[key])[:_LINE_LENGTH]
    if isinstance(request.get("VersionId"), str):
        line["version"] = str(request["VersionId"])[:8]
    return line
