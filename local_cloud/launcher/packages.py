"""Functions whose package was built for another machine than this one.

A package for AWS carries native extensions for Lambda's processor and Python. This interpreter cannot load them, so
they are left out when the package is unpacked, and the same pinned packages of this interpreter stand in.
"""

import importlib.machinery
import io
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from local_cloud.launcher.emulator import wrap

Config: TypeAlias = dict[str, Any]
MakeWorker: TypeAlias = Callable[[str, Config, bytes], object]

_ELF = b"\x7fELF"
_MACHINE = slice(18, 20)
"""Where an ELF file says which processor it is for (e_machine)."""

_HEADER_BYTES = 20
_LIBRARY = re.compile(r"\.so(\.\d+)*$")
_TAG = re.compile(r"(\.cpython-[^/]+\.so)$")


def install_packages() -> None:
    """Make MiniStack's workers leave out what this interpreter cannot load."""
    wrap("core.lambda_runtime", "_worker_class_for", _filtering)


def _filtering(class_for: Callable[[Config], MakeWorker]) -> Callable[[Config], MakeWorker]:
    def factory_for(config: Config) -> MakeWorker:
        make = class_for(config)
        return lambda name, settings, code: make(name, settings, without_foreign_packages(code))

    return factory_for


def without_foreign_packages(code: bytes) -> bytes:
    """Return a zip file without the top-level packages that hold libraries for another processor or Python.

    Args:
        code: A zip file. It is returned as it is when everything in it can be loaded here.
    """
    with zipfile.ZipFile(io.BytesIO(code)) as package:
        foreign = {entry.filename.partition("/")[0] for entry in package.infolist() if _is_foreign(package, entry)}
        if not foreign:
            return code
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as rest:
            for entry in package.infolist():
                if entry.filename.partition("/")[0] not in foreign:
                    rest.writestr(entry, package.read(entry), compress_type=zipfile.ZIP_STORED)
    return kept.getvalue()


def _is_foreign(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    if not _LIBRARY.search(entry.filename):
        return False
    tag = _TAG.search(entry.filename)
    if tag and tag[1] not in importlib.machinery.EXTENSION_SUFFIXES:
        return True
    with package.open(entry) as library:
        header = library.read(_HEADER_BYTES)
    return header.startswith(_ELF) and header[_MACHINE] != _own_machine()


def _own_machine() -> bytes:
    """Return the processor that this interpreter is built for; empty where programs are not ELF, as on macOS."""
    with Path(sys.executable).open("rb") as program:
        header = program.read(_HEADER_BYTES)
    return header[_MACHINE] if header.startswith(_ELF) else b""
