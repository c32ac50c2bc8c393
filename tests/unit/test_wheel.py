"""The wheel, built as it is published."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

BUILD = "from setuptools.build_meta import build_wheel; import sys; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this checkout's own packages."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "alees_secrets", "core", "config", "rotation_handlers", "tests"):
        (source / name).symlink_to(CHECKOUT / name)  # its neighbours too: they must stay out
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(out)], cwd=source, capture_output=True, text=True, check=True
    )
    return zipfile.ZipFile(out / done.stdout.splitlines()[-1])


def test_client_and_alias_alone_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    modules = {str(file.relative_to(CHECKOUT)) for file in (CHECKOUT / "alees_secrets").rglob("*.py")}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == modules | {"alees_secrets/py.typed", "core/secrets/__init__.py"}


def test_boto3_is_the_only_requirement_when_no_extra_is_asked_for(wheel: zipfile.ZipFile) -> None:
    (metadata,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
    lines = wheel.read(metadata).decode().splitlines()
    required = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    assert [each for each in required if "extra ==" not in each] == ["boto3>=1.43"]
    assert {line.removeprefix("Provides-Extra: ") for line in lines if line.startswith("Provides-Extra: ")} == {
        "django",
        "jwt",
    }
