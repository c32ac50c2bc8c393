import importlib.machinery
import io
import sys
import zipfile
from pathlib import Path

import pytest

from local_cloud.launcher.packages import without_foreign_packages
from tests.unit.local_cloud.local_aws import ALL_SECRETS, LocalAws, zipped

ELF_HEADER = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00"
AARCH64, X86_64 = b"\xb7\x00", b"\x3e\x00"

FOREIGN = X86_64 if Path(sys.executable).read_bytes()[18:20] == AARCH64 else AARCH64


def _names(code: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(code)) as package:
        return package.namelist()


def test_package_is_left_out_when_its_library_is_for_another_processor() -> None:
    code = zipped({"handler.py": b"", "native/__init__.py": b"", "native/lib.so": ELF_HEADER + FOREIGN})
    assert _names(without_foreign_packages(code)) == ["handler.py"]


def test_package_is_left_out_when_its_extension_is_for_another_python() -> None:
    code = zipped({"handler.py": b"", "native/_fast.cpython-399-aarch64-linux-gnu.so": b"", "native/rest.py": b""})
    assert _names(without_foreign_packages(code)) == ["handler.py"]


def test_bundled_libraries_are_left_out_when_they_carry_a_version() -> None:
    code = zipped({"handler.py": b"", "native.libs/libpq.so.5.18": ELF_HEADER + FOREIGN})
    assert _names(without_foreign_packages(code)) == ["handler.py"]


def test_code_is_unchanged_when_everything_can_be_loaded() -> None:
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    own = Path(sys.executable).read_bytes()[:20]
    code = zipped({"handler.py": b"", f"native/_fast{suffix}": own, "native/notes.so.txt": b""})
    assert without_foreign_packages(code) is code


HANDLER = b"""
import cryptography

def handler(event, context):
    return cryptography.__file__
"""


@pytest.mark.servers
def test_own_package_stands_in_when_the_functions_is_for_another_processor(aws: LocalAws) -> None:
    files = {"handler.py": HANDLER, "cryptography/__init__.py": b"", "cryptography/x.so": ELF_HEADER + FOREIGN}
    function = aws.new_function(files, "handler.handler", policy=ALL_SECRETS)
    answer = aws.functions.invoke(FunctionName=function)
    assert b"site-packages/cryptography" in answer["Payload"].read()
