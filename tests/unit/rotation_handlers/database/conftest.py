"""A database secret and its rotations."""

from collections.abc import Iterator

import pytest

from tests.fakes.former import Former, new_former
from tests.fakes.postgres import Server
from tests.fakes.rotations import Rotations, new_rotations


@pytest.fixture
def rotations(server: Server) -> Iterator[Rotations]:
    """A secret with its placeholder, and an empty database with roles of its own."""
    with new_rotations(server) as made:
        yield made


@pytest.fixture
def former(rotations: Rotations) -> Former:
    """The role that used the database by itself until now; the logins are not made yet."""
    return new_former(rotations)
