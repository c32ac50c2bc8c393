"""Packages of functions, made by the package installer alone: no containers, no compiler.

A package holds the folder of one function and what it shares with others of its handlers' package, the client's pure
modules, the folder's requirements as wheels for the target, and files that configuration makes. The same inputs make
the same bytes, so that an unchanged function is not deployed again; made packages are kept in .bundles/ under the
digest of their inputs.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from config.environment import CodePlatform
from constructs_lib.errors import PackageError

PROJECT = Path(__file__).parent.parent

RUNTIME_VERSION = "3.14"
"""Python of the Lambda runtime that the packages are made for; boto3 comes with it."""

CERTIFICATES = "certificate-authority.pem"
"""Name of the certificates in the package's root."""

SERVICES = "services.json"
"""Name of what configuration says of a shard's services, in the package's root: environment variables hold 4 KB."""

KEPT = PROJECT / ".bundles"
"""Where made packages are kept."""

NO_FILES: Mapping[str, str] = MappingProxyType({})

_TARGETS: dict[CodePlatform, tuple[str, ...]] = {
    # AL2023, which the runtime is based on, has glibc 2.34.
    CodePlatform.LAMBDA: ("--python-platform", "aarch64-manylinux_2_28", "--python-version", RUNTIME_VERSION),
    CodePlatform.THIS_MACHINE: ("--python", sys.executable),
}


def function_package(
    folder: str, *, platform: CodePlatform, files: Mapping[str, str] = NO_FILES, keep_in: Path = KEPT
) -> Path:
    """Return the folder of a function's package, made now or earlier from the same inputs.

    Args:
        folder: Where its handler is, such as ``rotation_handlers/database``.
        platform: Which machine the wheels are for.
        files: What to put into its root, by name, such as CERTIFICATES.
        keep_in: Folder for made packages.

    Raises:
        PackageError: The requirements cannot be installed.
    """
    own, handlers = PROJECT / folder, (PROJECT / folder).parent
    requirements = [file for file in (own / "requirements.txt",) if file.exists()]
    shared = (handlers.glob("*.py"), (handlers / "issued").glob("*.py"), (PROJECT / "alees_secrets").glob("*.py"))
    sources = sorted([*own.rglob("*.py"), *(file for found in shared for file in found)])
    inputs = hashlib.sha256(" ".join((*_TARGETS[platform], sys.version)).encode())
    for file in (*requirements, *sources):
        inputs.update(f"{file.relative_to(PROJECT)}\0".encode() + file.read_bytes())
    for name, text in sorted(files.items()):
        inputs.update(f"{name}\0{text}\0".encode())
    kept = keep_in / f"{own.name}-{platform}-{inputs.hexdigest()[:16]}"
    if not kept.exists():
        _make(kept, platform, requirements, sources, files)
    return kept


def _make(
    kept: Path, platform: CodePlatform, requirements: list[Path], sources: list[Path], files: Mapping[str, str]
) -> None:
    kept.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix=".partial-") as folder:
        package = Path(folder) / "package"
        for listed in requirements:
            _install(package, platform, listed)
        for source in sources:
            copy = package / source.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        for name, text in files.items():
            (package / name).write_text(text, encoding="utf-8")
        if not kept.exists():
            package.rename(kept)


def _install(package: Path, platform: CodePlatform, requirements: Path) -> None:
    command = [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config", "--link-mode=copy"),
        *("--only-binary=:all:", "--require-hashes", "--no-compile", "--target", str(package)),
        *(*_TARGETS[platform], "--requirement", str(requirements)),
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        raise PackageError(
            f"what {requirements.relative_to(PROJECT)} lists cannot be installed; check the network:\n{done.stderr}"
        )
    # Left by the installer: a lock, scripts, and records that differ from one machine to the next.
    for leftover in (package / ".lock", package / "bin"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)
    for record in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"):
        for file in package.glob(f"*.dist-info/{record}"):
            file.unlink()
