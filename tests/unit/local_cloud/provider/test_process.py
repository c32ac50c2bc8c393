"""The provider's process: found on its port, readable by nobody else, ended by its id."""

from pathlib import Path

import pytest

from local_cloud.provider.process import start_provider
from rotation_handlers.api_key.https import Https, Request
from rotation_handlers.deadline import Deadline
from tests.fakes.lambda_context import FakeContext

pytestmark = pytest.mark.servers


def test_it_answers_with_its_token_until_it_is_ended(tmp_path: Path) -> None:
    folder, authority = tmp_path / "provider", tmp_path / "ca.pem"
    running = start_provider(folder, authority)
    try:
        headers = {"Authorization": f"Bearer {running.token}"}
        request = Request(method="GET", url=f"{running.url}/v1/keys", headers=headers, body=None)
        answer = Https(Deadline(FakeContext()), authority.read_text()).send(request)
    finally:
        running.stop()

    assert answer.document() == {"data": [], "has_more": False}
    assert not running.process.is_running()
    assert folder.stat().st_mode & 0o077 == 0
    assert running.token not in repr(running)
    assert (folder / "server.log").read_text() == ""


def test_what_an_earlier_one_left_is_gone_when_it_starts_again(tmp_path: Path) -> None:
    folder = tmp_path / "provider"
    folder.mkdir()
    (folder / "left").touch()

    start_provider(folder, tmp_path / "ca.pem").stop()

    assert not (folder / "left").exists()
