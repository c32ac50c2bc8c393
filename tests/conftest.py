"""What all tests share."""

import os
from collections.abc import Iterator

# Before the CDK is imported: Node 20 works, whatever its bridge says of it.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

import pytest

from tests.fakes.postgres import Server, running_server

_SHARING = ("end_to_end", "template")
"""Folders whose tests share what takes long to make: a deployed local AWS, the synthesized templates."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Tell which tests one process does when several work side by side: a folder's that shares, else a file's.

    As each is collected: once all are, xdist has read the groups already.
    """
    folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
    item.add_marker(pytest.mark.xdist_group(folder if folder in _SHARING else item.path.stem))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The real PostgreSQL, one for the session."""
    with running_server() as running:
        yield running
