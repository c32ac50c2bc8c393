"""A provider of API keys over TLS."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.provider import Provider, running_provider


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    """A provider without keys."""
    with running_provider(tmp_path) as running:
        yield running
