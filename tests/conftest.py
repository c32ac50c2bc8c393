"""What all tests share."""

import os
from collections.abc import Iterator

# Before the CDK is imported: Node 20 works, whatever its bridge says of it.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

import pytest

from tests.fakes.postgres import Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The real PostgreSQL, one for the session."""
    with running_server() as running:
        yield running
