from pathlib import Path

import pytest

from local_cloud.errors import LocalCloudError
from local_cloud.preflight import check_disk, check_machine, check_node, check_python


def _program(folder: Path, says: str) -> str:
    program = folder / "node"
    program.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_check_passes_when_the_machine_runs_these_tests(tmp_path: Path) -> None:
    check_machine(tmp_path)


@pytest.mark.parametrize("version", ["3.10.14", "2.7.18"])
def test_python_is_refused_when_it_is_too_old(version: str) -> None:
    with pytest.raises(LocalCloudError, match=r"allowed is 3\.11 or later"):
        check_python(version)


@pytest.mark.parametrize("version", ["3.11.0", "3.14.1"])
def test_python_is_accepted_when_it_is_new_enough(version: str) -> None:
    check_python(version)


@pytest.mark.parametrize("says", ["echo v18.20.4", "echo nonsense", "exit 1"])
def test_node_is_refused_when_it_is_too_old_or_broken(tmp_path: Path, says: str) -> None:
    with pytest.raises(LocalCloudError, match=r"install Node\.js 20 or later"):
        check_node(_program(tmp_path, says))


def test_node_is_refused_when_there_is_none() -> None:
    with pytest.raises(LocalCloudError, match="not on the PATH"):
        check_node(None)


def test_node_is_accepted_when_it_is_new_enough(tmp_path: Path) -> None:
    check_node(_program(tmp_path, "echo v20.11.1"))


def test_disk_is_refused_when_it_has_too_little_room(tmp_path: Path) -> None:
    with pytest.raises(LocalCloudError, match="are needed"):
        check_disk(tmp_path / "not" / "made" / "yet", needed_bytes=10**18)
