"""A function under rehearsal: its side in a process of its own, and the rehearsal's side that answers it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol

from botocore.exceptions import ClientError

from rotation_handlers.deadline import LambdaContext
from rotation_handlers.rotation import Step
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager
from tests.rehearsal.forks import Forks
from tests.rehearsal.points import Place
from tests.rehearsal.seam import Asked, Order, Reached, Refused, Seam

DIED = "died"

Watch = Callable[[Place], Order]
"""Called at each place that the function reaches; says how it goes on."""


class Function(Protocol):
    """A kind's function. It is pickled, so it holds settings and names of classes only."""

    def entry_point(self, seam: Seam) -> Callable[[object, LambdaContext], object]:
        """Lead all that is external through *seam*, in the process of its own; return what Lambda would call."""


@dataclass(frozen=True, slots=True)
class _Delivery:
    event: Mapping[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Ended:
    failure: str | None


@dataclass(frozen=True, slots=True)
class _Environment:
    """What Lambda calls an execution environment: it takes one event after another until it dies."""

    function: Function

    def __call__(self, pipe: Connection) -> None:
        entry_point = self.function.entry_point(Seam(pipe))
        while True:
            delivery = pipe.recv()
            failure = None
            try:
                entry_point(delivery.event, FakeContext(delivery.seconds))
            except RotationStepFailed as error:
                failure = str(error).partition(":")[0]
            pipe.send(_Ended(failure))


class RunningFunction:
    """A function in its process.

    Args:
        pipe: To its process.
        store: What answers its calls of Secrets Manager.
        watch: Gives the orders.
        seconds: What Lambda gives each step.
    """

    def __init__(self, pipe: Connection, store: FakeSecretsManager, watch: Watch, seconds: float) -> None:
        self._pipe = pipe
        self._store = store
        self._watch = watch
        self._seconds = seconds

    def deliver(self, step: Step, token: str) -> str | None:
        """Deliver one step; return None when it was done, DIED, or the cause of its failure."""
        event = {"Step": step.value, "SecretId": ARN, "ClientRequestToken": token}
        ordinals: Counter[str] = Counter()
        try:
            self._pipe.send(_Delivery(event, self._seconds))
            while True:
                message = self._pipe.recv()
                if isinstance(message, _Ended):
                    return message.failure
                self._pipe.send(self._answer(message, step, ordinals))
        except (EOFError, ConnectionError):
            return DIED

    def _answer(self, message: Reached | Asked, step: Step, ordinals: Counter[str]) -> Any:
        if isinstance(message, Asked):
            return _asked(self._store, message)
        if message.moment == "before":
            ordinals[message.call] += 1
        return self._watch(Place(step=step, call=f"{message.call}#{ordinals[message.call]}", moment=message.moment))


def _asked(store: FakeSecretsManager, message: Asked) -> Any:
    try:
        return getattr(store, message.method)(**message.arguments)
    except ClientError as error:
        return Refused(error.response["Error"]["Code"], error.operation_name)


@contextmanager
def running(
    function: Function, forks: Forks, store: FakeSecretsManager, watch: Watch, seconds: float
) -> Iterator[RunningFunction]:
    """Start *function* in a process, which ends with the context."""
    with forks.start(_Environment(function)) as pipe:
        yield RunningFunction(pipe, store, watch, seconds)
