"""A secret in memory, as people find it."""

import pytest

from tests.fakes.hand import Hand


@pytest.fixture
def hand() -> Hand:
    """A secret after a rotation from OLD to NEW; both work at the target."""
    return Hand()
