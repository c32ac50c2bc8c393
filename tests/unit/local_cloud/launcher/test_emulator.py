import pytest

from local_cloud.errors import LocalCloudError
from local_cloud.launcher.emulator import PINNED_VERSION, check_emulator, check_names, emulated


def test_check_passes_when_the_pinned_version_is_installed() -> None:
    check_emulator()


def test_check_names_what_is_missing_when_a_name_is_gone() -> None:
    with pytest.raises(LocalCloudError, match=rf"{PINNED_VERSION} .*core\.arn\._no_such_name"):
        check_names({"core.arn": ("_no_such_name",)})


def test_check_names_the_module_when_it_is_gone() -> None:
    with pytest.raises(LocalCloudError, match=r"core\.no_such_module"):
        check_names({"core.no_such_module": ("x",)})


def test_name_is_out_of_reach_when_it_is_not_declared() -> None:
    with pytest.raises(KeyError, match="not declared"):
        emulated("core.arn", "parse_arn")
