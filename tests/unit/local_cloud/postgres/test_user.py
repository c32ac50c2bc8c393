from pathlib import Path

import pytest

from local_cloud.errors import LocalCloudError
from local_cloud.postgres.user import ServerUser


def test_start_is_refused_with_the_folder_when_the_server_may_not_pass_through_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LocalCloudError, match=r"chmod o\+x"):
        ServerUser(65534).require_access(closed / "postgres")


def test_any_folder_will_do_when_the_user_is_the_same(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    ServerUser(None).require_access(closed / "postgres")
