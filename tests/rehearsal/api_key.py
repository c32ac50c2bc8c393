"""API keys: Alees' own, and those of a provider with a REST API, whose requests are points too."""

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from alees_secrets.kinds import KindName
from alees_secrets.naming import SecretName
from config.services import Internal
from local_cloud.provider.keys import Key
from rotation_handlers.api_key.https import Https
from rotation_handlers.api_key.management import read_management
from rotation_handlers.api_key.providers import internal
from rotation_handlers.api_key.providers.http import HttpIssuer
from rotation_handlers.api_key.service import Service
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.edge import handle
from rotation_handlers.issued.credential import IssuedCredential
from tests.fakes.postgres import Server
from tests.fakes.provider import MANAGEMENT, SECRET, Provider, running_provider
from tests.fakes.secrets_manager import FakeSecretsManager
from tests.rehearsal.aws_calls import SeamClient
from tests.rehearsal.function import Function
from tests.rehearsal.https_calls import watch_requests
from tests.rehearsal.seam import Seam
from tests.rehearsal.world import Value, labelled
from tests.unit.rotation_handlers.jwt.rotating import new_store

_MANY = 99
"""More keys than could ever be live: the rehearsal counts them, the provider does not."""


@dataclass(frozen=True, slots=True)
class ApiKeyFunction:
    """The function for one service.

    Attributes:
        settings: What the provider's file is given.
        certificates: What verifies the provider.
        strategy: Which strategy keys of a provider rotate by; None for Alees' own keys.
    """

    settings: Mapping[str, Any]
    certificates: str | None = None
    strategy: type[IssuedCredential] | None = None

    def entry_point(self, seam: Seam) -> Callable[[object, LambdaContext], object]:
        watch_requests(seam)
        client = cast("Any", SeamClient(seam))

        def strategy_for(_name: str, deadline: Deadline) -> IssuedCredential | internal.GeneratedPair:
            service = Service(
                secret=SecretName.parse(SECRET),
                settings=self.settings,
                certificates=self.certificates,
                read_management=lambda: read_management(client, "management", ("token",)),
                deadline=deadline,
            )
            if self.strategy is None:
                return internal.strategy(service)
            return self.strategy(HttpIssuer(service, Https(deadline, self.certificates)), KindName.API_KEY)

        return lambda event, context: handle(event, context, client, strategy_for)


@dataclass
class InternalWorld:
    """Keys that Alees issues: callers are accepted by what the labels lead to."""

    store: FakeSecretsManager
    function: Function
    gap: Collection[str] = ()

    def remember(self, values: Sequence[Value]) -> None:
        """Nothing is outside of the secret."""

    def restore(self) -> None:
        """Nothing is outside of the secret."""

    def works(self, value: Value) -> bool:
        """Tell whether there is a whole pair."""
        return value.keys() == {"api_key", "api_secret"} and all(value.values())

    def live_credentials(self) -> int:
        """Count the pairs that a label leads to."""
        return sum(self.works(value) for value in labelled(self.store))

    def orphans(self) -> int:
        """Return 0: there are none outside of the secret."""
        return 0


@dataclass
class ProviderWorld:
    """A provider and the keys that it has issued."""

    store: FakeSecretsManager
    function: Function
    provider: Provider
    gap: Collection[str] = ()
    keys: dict[str, Key] = field(default_factory=dict)

    def remember(self, values: Sequence[Value]) -> None:  # noqa: ARG002 - the provider itself knows its keys
        self.keys = dict(self.provider.keys.live)

    def restore(self) -> None:
        self.provider.keys.live = dict(self.keys)

    def works(self, value: Value) -> bool:
        return self.provider.keys.accept(value["api_key"], value["api_secret"])

    def live_credentials(self) -> int:
        return len(self.provider.keys.live)

    def orphans(self) -> int:
        known = {value.get("api_key") for value in labelled(self.store)}
        return sum(key.public not in known for key in self.provider.keys.list())


@contextmanager
def internal_world(_server: Server) -> Iterator[InternalWorld]:
    """Make a secret that was never rotated."""
    yield InternalWorld(new_store(), ApiKeyFunction(Internal().settings()))


@contextmanager
def http_world(_server: Server) -> Iterator[ProviderWorld]:
    """Start a provider, and make a secret that was never rotated."""
    with tempfile.TemporaryDirectory() as folder, running_provider(Path(folder), most=_MANY) as provider:
        store = new_store()
        store.others["management"] = MANAGEMENT
        function = ApiKeyFunction(provider.declared().settings(), provider.certificates, IssuedCredential)
        yield ProviderWorld(store, function, provider)
