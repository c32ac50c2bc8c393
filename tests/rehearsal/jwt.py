"""The JWT secret. Nothing outside of it changes, so only the calls of Secrets Manager are points."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.deadline import LambdaContext
from rotation_handlers.edge import handle
from rotation_handlers.jwt.generated_key import GeneratedKey
from rotation_handlers.jwt.settings import JwtSettings
from tests.fakes.postgres import Server
from tests.fakes.secrets_manager import FakeSecretsManager
from tests.rehearsal.aws_calls import SeamClient
from tests.rehearsal.function import Function
from tests.rehearsal.seam import Seam
from tests.rehearsal.world import Value, labelled
from tests.unit.rotation_handlers.jwt.rotating import new_store, token_of, verifies


@dataclass(frozen=True, slots=True)
class JwtFunction:
    """The function.

    Attributes:
        settings: What its environment holds.
    """

    settings: JwtSettings

    def entry_point(self, seam: Seam) -> Callable[[object, LambdaContext], object]:
        client = cast("Any", SeamClient(seam))
        return lambda event, context: handle(event, context, client, lambda *_: GeneratedKey(self.settings))


@dataclass
class JwtWorld:
    """A secret: its values open nothing but each other's tokens."""

    store: FakeSecretsManager
    function: Function
    gap: Collection[str] = ()

    def remember(self, values: Sequence[Value]) -> None:
        """Nothing is outside of the secret."""

    def restore(self) -> None:
        """Nothing is outside of the secret."""

    def works(self, value: Value) -> bool:
        """Sign a token and verify it."""
        return verifies(token_of(dict(value)), dict(value))

    def live_credentials(self) -> int:
        """Count the keys that a label leads to."""
        return sum("secret_key" in value for value in labelled(self.store))

    def orphans(self) -> int:
        """Return 0: there are none outside of the secret."""
        return 0


@contextmanager
def jwt_world(_server: Server) -> Iterator[JwtWorld]:
    """Make a secret that was never rotated, of the algorithm whose keys are made fastest."""
    yield JwtWorld(new_store(), JwtFunction(JwtSettings(algorithm=JwtAlgorithm.EDDSA)))
