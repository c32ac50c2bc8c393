"""Django in the tests' own process, and a database whose secret is rotated in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db.utils import ConnectionHandler
from django.test import RequestFactory

from alees_secrets import CachePolicy, SecretsManager
from alees_secrets.shared import using
from alees_secrets.testing import InMemorySource, secrets_in_memory
from alees_secrets.testing.using import SETTINGS
from tests.benchmarks.django_readers import configure_django
from tests.fakes.postgres import Server
from tests.fakes.rotations import Rotations, new_rotations
from tests.fakes.store_source import StoreSource

configure_django()

# Rotations here are milliseconds apart: a refused login must not wait for the next refresh.
QUICK = CachePolicy(refresh_interval_seconds=0.0001)

Connect = Callable[..., Any]


@pytest.fixture
def rotations(server: Server) -> Iterator[Rotations]:
    """A database with both logins made, and its secret."""
    with new_rotations(server) as made:
        made.rotate()
        made.rotate()
        yield made


@pytest.fixture
def source(rotations: Rotations) -> Iterator[StoreSource]:
    """What SecretsManager() reads."""
    source = StoreSource(rotations.store)
    with using(SecretsManager(SETTINGS, source=source, policy=QUICK)):
        yield source


@pytest.fixture
def connect(rotations: Rotations, source: StoreSource) -> Iterator[Connect]:  # noqa: ARG001 - what SecretsManager() reads
    """Make a connection of Django's with the engine; keywords go before its defaults."""
    with ExitStack() as ends:

        def made(**changes: Any) -> Any:
            options = {
                "sslmode": "verify-full",
                "sslrootcert": str(rotations.settings.certificate_authority),
                **changes.pop("OPTIONS", {}),
            }
            entry = {"ENGINE": "alees_secrets.django.postgresql", "OPTIONS": options, **changes}
            connection = ConnectionHandler({"default": entry})["default"]
            ends.callback(connection.close_pool)
            ends.callback(connection.close)
            return connection

        yield made


@pytest.fixture
def in_memory() -> Iterator[InMemorySource]:
    """Secrets in memory, refreshed as often as they are refused."""
    with secrets_in_memory(policy=QUICK) as source:
        yield source


def ask(connection: Any, query: str = "SELECT session_user") -> Any:
    """Return the only value that a query has for an answer."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.fixture
def rf() -> RequestFactory:
    """Django's factory of requests."""
    return RequestFactory()
