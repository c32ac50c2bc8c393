"""What all tests share."""

import os
from collections.abc import Iterator
from typing import Any

# Before the CDK is imported: Node 20 works, whatever its bridge says of it.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.fakes.postgres import Server, running_server

_SHARING = ("tests/end_to_end", "tests/template")
"""Folders whose tests share what takes long to make: a deployed local AWS, the synthesized templates."""


class SharedScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist is untyped
    """Has one process do all tests of a folder that shares, and of a file elsewhere."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder in _SHARING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start one process more than there are processors: the one with the local AWS mostly waits for it."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedScheduling:
    """Share the tests out when several processes work side by side."""
    return SharedScheduling(config, log)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The real PostgreSQL, one for the session."""
    with running_server() as running:
        yield running
