"""A sandbox in moto, with fake stacks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from tests.prove.sandbox import Sandbox
from tests.prove.settings import EXAMPLE, read_environment
from tests.unit.prove.fake_stacks import FakeSession

ACCOUNT = "123456789012"  # moto's own


@pytest.fixture
def said() -> list[str]:
    """What a person was told."""
    return []


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSession]:
    """An empty account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "moto")
    with mock_aws(config={"lambda": {"use_docker": False}}):
        yield FakeSession()


@pytest.fixture
def sandbox(session: FakeSession, said: list[str], tmp_path: Path) -> Sandbox:
    """A sandbox in that account, whose database is where nothing listens."""
    stored = json.loads(EXAMPLE)
    stored["database"] |= {"host": "127.0.0.1", "port": 1}
    file = tmp_path / "sandbox.json"
    file.write_text(json.dumps(stored))
    return Sandbox(read_environment(file, ACCOUNT), session, said.append, pause=lambda _: None)
