"""A database secret and its rotations."""

from collections.abc import Iterator

import pytest

from tests.fakes.postgres import Server
from tests.fakes.rotations import Rotations, new_rotations


@pytest.fixture
def rotations(server: Server) -> Iterator[Rotations]:
    """A secret with its placeholder, and an empty database with roles of its own."""
    with new_rotations(server) as made:
        yield made
