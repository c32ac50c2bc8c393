"""Between a function and what is outside of it: each external call stops here, on the function's side."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from tests.rehearsal.points import Moment

Answer = TypeVar("Answer")


class Order(Enum):
    """What the function has to do at a place."""

    GO_ON = auto()
    DIE = auto()
    LOSE = auto()


@dataclass(frozen=True, slots=True)
class Reached:
    """The function stands at a place and waits for an order.

    Attributes:
        call: The call's name, without values.
        moment: Before or after its effect.
    """

    call: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of Secrets Manager, which the other side holds.

    Attributes:
        method: Name of the client's method.
        arguments: Its keyword arguments.
    """

    method: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Secrets Manager's error.

    Attributes:
        code: Its code.
        operation: Of which operation.
    """

    code: str
    operation: str


@dataclass(frozen=True, slots=True)
class Seam:
    """The function's end of the pipe to the rehearsal."""

    pipe: Connection

    def passes(
        self, call: str, effect: Callable[[], Answer], lost: Callable[[Moment, Answer | None], Exception]
    ) -> Answer:
        """Make one external call, unless ordered otherwise.

        Args:
            call: Its name, without values.
            effect: Makes it.
            lost: Returns the error that the caller gets if its request was lost, or its reply; cleans up what the
                answer holds.
        """
        self._obey(call, Moment.BEFORE, lambda: lost(Moment.BEFORE, None))
        answer = effect()
        self._obey(call, Moment.AFTER, lambda: lost(Moment.AFTER, answer))
        return answer

    def ask(self, method: str, arguments: Mapping[str, Any]) -> Any:
        """Return what the fake Secrets Manager on the other side answers.

        Raises:
            ClientError: It refused.
        """
        answer = self._told(Asked(method, arguments))
        if isinstance(answer, Refused):
            raise ClientError({"Error": {"Code": answer.code, "Message": "by the fake"}}, answer.operation)
        return answer

    def _obey(self, call: str, moment: Moment, lost: Callable[[], Exception]) -> None:
        order = self._told(Reached(call, moment))
        if order is Order.DIE:
            os._exit(0)  # nothing of the function runs after this: no except, no finally
        if order is Order.LOSE:
            raise lost()

    def _told(self, message: Reached | Asked) -> Any:
        try:
            self.pipe.send(message)
            return self.pipe.recv()
        except (EOFError, ConnectionError):
            os._exit(0)  # the rehearsal has gone on without this function
