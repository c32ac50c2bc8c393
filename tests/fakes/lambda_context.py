"""Lambda's context object."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FakeContext:
    """A context with a fixed time left.

    Attributes:
        seconds: What is left until Lambda ends the function.
    """

    seconds: float = 60.0

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)
