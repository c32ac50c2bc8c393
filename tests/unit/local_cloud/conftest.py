"""One local cloud for the session, and a rotation function in it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cloud.cloud import RunningCloud, start
from local_cloud.launcher.environment import RETRY_DELAYS_VARIABLE
from tests.unit.local_cloud.local_aws import LocalAws, new_rotator


@pytest.fixture(scope="session")
def state_root() -> Iterator[Path]:
    """A folder that every user may pass through: PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory(prefix="alees-local-cloud-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def cloud(state_root: Path) -> Iterator[RunningCloud]:
    """A running local cloud that retries failed steps quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RETRY_DELAYS_VARIABLE, "0.05,0.1")
        running = start(state_root / "session")
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def aws(cloud: RunningCloud) -> LocalAws:
    return LocalAws(cloud.description)


@pytest.fixture(scope="session")
def rotator(aws: LocalAws) -> str:
    """The ARN of a function that Secrets Manager may invoke and that the secrets' tags steer."""
    return new_rotator(aws)
