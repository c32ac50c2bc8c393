"""What this machine must have before anything starts."""

import platform
import re
import shutil
import subprocess
from pathlib import Path

from local_cloud.errors import LocalCloudError
from local_cloud.postgres.binaries import find_binaries

_NODE_MAJOR = 20
_PYTHON = (3, 11)
_FREE_BYTES = 1_000_000_000


def check_machine(state_directory: Path) -> None:
    """Check everything that a start needs of the machine.

    Raises:
        LocalCloudError: Something is missing; the message says what to do.
    """
    check_python(platform.python_version())
    check_node(shutil.which("node"))
    check_disk(state_directory)
    find_binaries()


def check_python(version: str) -> None:
    """Refuse a Python *version* below 3.11."""
    found = tuple(int(part) for part in version.split(".")[:2])
    if found < _PYTHON:
        raise LocalCloudError(f"Python is {version}; allowed is 3.11 or later; install it and run: make local")


def check_node(node: str | None) -> None:
    """Refuse a missing or too old Node; *node* is its path."""
    advice = f"install Node.js {_NODE_MAJOR} or later, which the CDK CLI needs: https://nodejs.org"
    if node is None:
        raise LocalCloudError(f"node is not on the PATH; {advice}")
    try:
        shown = subprocess.run(  # noqa: S603 - found on the PATH
            [node, "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        shown = ""
    major = re.match(r"v(\d+)\.", shown)
    if major is None or int(major[1]) < _NODE_MAJOR:
        raise LocalCloudError(f"{node} is version {shown or 'unknown'}; {advice}")


def check_disk(state_directory: Path, needed_bytes: int = _FREE_BYTES) -> None:
    """Refuse a disk that is nearly full."""
    folder = next(each for each in (state_directory.resolve(), *state_directory.resolve().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise LocalCloudError(
            f"{folder} has {free // 1_000_000} MB free; {needed_bytes // 1_000_000} MB are needed; make room or choose "
            "another folder with --state"
        )
