"""What strategies share whose setSecret changes nothing: there is no target to make ready, and none to fence."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar

from alees_secrets.values import SecretFields
from rotation_handlers.strategy import Strategy


class NoTarget:
    """Nothing outside the secret has to change."""

    def apply(self, pending: SecretFields) -> Mapping[str, int]:  # noqa: ARG002 - the engine passes it
        """Change nothing."""
        return {}

    def switch(self, pending: SecretFields) -> None:
        """Change nothing: every version works beside the others."""

    def restore(self, current: SecretFields | None) -> None:
        """Change nothing: switch did not either."""


class WithoutTarget(Strategy):
    """The part of a strategy that has to do with a target, where there is none. Each strategy says why."""

    changes_target: ClassVar[bool] = False

    def open_target(self) -> AbstractContextManager[NoTarget]:
        """Do nothing."""
        return nullcontext(NoTarget())

    def hold(self, value: SecretFields) -> AbstractContextManager[NoTarget]:  # noqa: ARG002 - the engine passes it
        """Do nothing."""
        return nullcontext(NoTarget())
