"""What a check is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from tests.prove.sandbox import Sandbox


class Verdict(StrEnum):
    """What a check came to."""

    PASSED = "pass"
    FAILED = "FAIL"
    NOT_SHOWN = "not shown here"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check saw.

    Attributes:
        verdict: Whether that is what was expected.
        text: In words. Never a value of a secret.
    """

    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    Attributes:
        name: What docs/unverified.md calls it.
        expected: What is believed.
        look: Looks.
        shown_locally: Whether the local AWS can show it.
    """

    name: str
    expected: str
    look: Callable[[Sandbox], Seen]
    shown_locally: bool = True


def seen(text: str, *, as_expected: bool) -> Seen:
    """Return what was seen, and whether it was expected."""
    return Seen(Verdict.PASSED if as_expected else Verdict.FAILED, text)


def is_denied(call: Callable[..., object], **arguments: Any) -> bool:
    """Tell whether AWS denies a call; what it returns otherwise is dropped.

    Raises:
        ClientError: It fails for another reason.
    """
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDeniedException":
            return True
        raise
    return False
