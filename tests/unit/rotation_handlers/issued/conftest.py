"""A secret whose credentials somebody issues."""

import pytest

from tests.unit.rotation_handlers.issued.issuing import Issued


@pytest.fixture
def issued() -> Issued:
    """A secret that was never rotated."""
    return Issued()
