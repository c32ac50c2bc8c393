"""A pytest plugin: ``pytest_plugins = "alees_secrets.testing.pytest_plugin"`` in the application's conftest.py."""

from collections.abc import Iterator

import pytest

from alees_secrets.testing import using
from alees_secrets.testing.source import InMemorySource


@pytest.fixture
def secrets_in_memory() -> Iterator[InMemorySource]:
    """Secrets in memory, one of each kind, which ``SecretsManager()`` reads during the test."""
    with using.secrets_in_memory() as source:
        yield source
