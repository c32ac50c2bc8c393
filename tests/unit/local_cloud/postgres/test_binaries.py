from pathlib import Path

import pytest

from local_cloud.errors import LocalCloudError
from local_cloud.postgres.binaries import PACKAGES_VARIABLE, find_binaries, within_reach
from local_cloud.postgres.user import ServerUser

NOBODY = ServerUser(65534)


def _programs(folder: Path) -> Path:
    binaries = folder / "native" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "postgres").write_text("program")
    return binaries


def test_the_programs_are_copied_when_the_server_may_not_reach_them(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    target = tmp_path / "server"

    reached = within_reach(_programs(closed), NOBODY, target)

    assert reached == target / "native" / "bin"
    assert (reached / "postgres").read_text() == "program"


def test_the_programs_are_used_where_they_are_when_the_user_is_the_same(tmp_path: Path) -> None:
    binaries = _programs(tmp_path)

    assert within_reach(binaries, ServerUser(None), tmp_path / "server") == binaries


def test_another_folder_of_packages_is_looked_into_when_the_variable_names_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PACKAGES_VARIABLE, str(tmp_path))

    with pytest.raises(LocalCloudError, match=f"^{tmp_path}/.* is missing"):
        find_binaries()
