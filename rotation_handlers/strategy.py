"""What the engine asks of a kind of secret: a strategy, and the target that the secret opens."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from alees_secrets.values import SecretFields
from rotation_handlers.claim import Claim
from rotation_handlers.versions import StoredVersion


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is to be ended at the target, and what is not.

    Attributes:
        value: What is revoked, an older version's; None for the placeholder, which opens nothing.
        current: The AWSCURRENT value, which works.
        previous: The AWSPREVIOUS value, if that is another version, and works.
        others: Whether what no version may have any more ends too, since a rotation follows that would leave it.
    """

    value: SecretFields | None
    current: SecretFields
    previous: SecretFields | None = None
    others: bool = False

    def is_in_use(self, *credential: str) -> bool:
        """Tell whether another version has the same as the value in the fields that are the *credential*."""
        value = self.value
        return value is not None and any(
            all(value.get(each) == kept.get(each) for each in credential)
            for kept in (self.current, self.previous)
            if kept is not None
        )


@dataclass(frozen=True, slots=True)
class Revoked:
    """What became of a value that was to be revoked.

    Attributes:
        in_use: Whether another version has the same credential, which works on then.
        counts: What is worth counting, by name.
    """

    in_use: bool
    counts: Mapping[str, int] = field(default_factory=dict)


class Target(Protocol):
    """What a secret opens, locked against other rotations."""

    def apply(self, pending: SecretFields) -> Mapping[str, int]:
        """Make the target ready for *pending*. Doing it again changes nothing.

        AWSCURRENT works afterwards as it did before. Returns what is worth counting, by name.
        """

    def switch(self, pending: SecretFields) -> None:
        """Do what ends AWSCURRENT, where *pending* cannot work beside it. AWSCURRENT moves right after."""

    def restore(self, current: SecretFields | None) -> None:
        """Undo what switch did, should AWSCURRENT not have moved. Doing it again is harmless.

        Args:
            current: The AWSCURRENT value; None if there is none that could be read.
        """


class Strategy(Protocol):
    """What one kind of secret does in each step, and after the last one.

    Attributes:
        changes_target: Whether setSecret changes anything outside the secret.
    """

    changes_target: ClassVar[bool] = True

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:
        """Return a new value. Where the version has one already, that one is kept.

        Args:
            current: The AWSCURRENT value; None before the first rotation.
            claim: For a kind whose target makes the value: the one that it made already, and what it may be asked to
                make and to end.

        Raises:
            RotationError: The AWSCURRENT value is damaged, so that what it uses cannot be told; or the target failed.
        """

    def require_source(self, current: StoredVersion) -> None:  # noqa: ARG002 - others need it
        """Raise RotationError if a look tells that generate could not make a value beside *current*; change nothing.

        Does nothing where the function makes it alone.
        """
        return

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Raise UnusablePendingError if applying *pending* can never work or would harm *current*."""

    def open_target(self) -> AbstractContextManager[Target]:
        """Take the fence, to change the target."""

    def test(self, pending: SecretFields) -> None:
        """Raise RotationError unless the target accepts *pending* and it can do what the other one can."""

    def hold(self, value: SecretFields) -> AbstractContextManager[Target]:
        """Take the fence, to move AWSCURRENT to the version with *value*."""

    def verify(self, value: SecretFields) -> None:
        """Use a value that is or was AWSCURRENT as an application does; change nothing.

        Raises:
            RotationError: It could not be used. The cause is AUTHENTICATION only if the target itself refused it.
        """

    def try_out(self, value: SecretFields) -> bool:
        """Use a value that somebody set, before it is AWSCURRENT; False if the target cannot know it yet.

        Raises:
            RotationError: It could not be used.
        """
        self.verify(value)
        return True

    def outlives(self, value: SecretFields, kept: Collection[SecretFields]) -> bool:  # noqa: ARG002 - others need them
        """Tell whether the credential of *value*, which none of *kept* uses, works on when no label leads to it."""
        return False

    def revoke(self, revocation: Revocation) -> Revoked:
        """End a value at the target, and never what is in use; doing it again is harmless.

        Called inside open_target, after the version was retired.
        """

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:
        """End at the target what a pending value that will never be used left there; doing it again is harmless.

        What *current*, AWSCURRENT's value, uses is left alone.
        """
