"""Packages of functions: complete, for the right machine, the same bytes every time."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import CodePlatform
from constructs_lib.certificate_authority import read_certificates
from constructs_lib.errors import CertificateAuthorityError, PackageError
from constructs_lib.function_package import CERTIFICATES, SERVICES, function_package

PEM = "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[CodePlatform, Path]:
    """Both packages, made anew."""
    keep_in = tmp_path_factory.mktemp("packages")
    return {
        platform: function_package(
            "rotation_handlers/database", platform=platform, files={CERTIFICATES: PEM}, keep_in=keep_in
        )
        for platform in CodePlatform
    }


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def test_only_native_code_for_arm64_and_python_3_14_is_inside_when_it_is_for_lambda(
    packages: dict[CodePlatform, Path],
) -> None:
    jwt = function_package(
        "rotation_handlers/jwt", platform=CodePlatform.LAMBDA, keep_in=packages[CodePlatform.LAMBDA].parent
    )
    for package in (packages[CodePlatform.LAMBDA], jwt):
        natives = [file for file in package.rglob("*") if file.suffix == ".so"]
        assert natives
        for native in natives:
            header = native.read_bytes()[:20]
            assert header[:4] == b"\x7fELF"
            assert int.from_bytes(header[18:20], "little") == 183  # EM_AARCH64, ELF for the Arm 64-bit Architecture
            assert "cpython-314" in native.name or ".abi3." in native.name


def test_no_certificates_are_inside_when_the_kind_verifies_no_server(packages: dict[CodePlatform, Path]) -> None:
    jwt = function_package(
        "rotation_handlers/jwt", platform=CodePlatform.LAMBDA, keep_in=packages[CodePlatform.LAMBDA].parent
    )

    assert not (jwt / CERTIFICATES).exists()


def test_what_kinds_share_is_inside_where_it_is_used_and_nothing_else_is(tmp_path: Path) -> None:
    package = function_package("rotation_handlers/email", platform=CodePlatform.LAMBDA, keep_in=tmp_path)

    folders = {str(path.relative_to(package)) for path in package.rglob("*") if path.is_dir()}
    assert folders == {"alees_secrets", "rotation_handlers", "rotation_handlers/email", "rotation_handlers/issued"}


def test_the_bytes_are_the_same_when_it_is_made_twice(packages: dict[CodePlatform, Path], tmp_path: Path) -> None:
    again = function_package(
        "rotation_handlers/database", platform=CodePlatform.LAMBDA, files={CERTIFICATES: PEM}, keep_in=tmp_path
    )

    assert again.name == packages[CodePlatform.LAMBDA].name
    assert _digest(again) == _digest(packages[CodePlatform.LAMBDA])


def test_another_package_is_made_when_the_certificates_change(
    packages: dict[CodePlatform, Path], tmp_path: Path
) -> None:
    other = function_package(
        "rotation_handlers/database", platform=CodePlatform.LAMBDA, files={CERTIFICATES: PEM * 2}, keep_in=tmp_path
    )

    assert other.name != packages[CodePlatform.LAMBDA].name
    assert (other / CERTIFICATES).read_text() == PEM * 2


def test_nothing_of_the_machine_that_made_it_is_inside(packages: dict[CodePlatform, Path]) -> None:
    for package in packages.values():
        names = {file.name for file in package.rglob("*")}
        assert not names & {"__pycache__", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "bin", ".lock"}


def test_the_handler_can_be_imported_when_it_is_for_this_machine(packages: dict[CodePlatform, Path]) -> None:
    package = packages[CodePlatform.THIS_MACHINE]
    code = (
        "import rotation_handlers.database.handler as handler, psycopg, alees_secrets.kinds as kinds\n"
        "print(handler.__file__, psycopg.__file__, kinds.__file__, psycopg.pq.__impl__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    *files, implementation = done.stdout.split()
    assert implementation == "binary"
    assert all(file.startswith(str(package)) for file in files)


def test_the_providers_and_the_services_are_inside_when_it_is_for_api_keys(tmp_path: Path) -> None:
    package = function_package(
        "rotation_handlers/api_key",
        platform=CodePlatform.THIS_MACHINE,
        files={SERVICES: "{}"},
        keep_in=tmp_path / "packages",
    )
    code = (
        "import rotation_handlers.api_key.handler, rotation_handlers.api_key.providers.http as http, urllib3\n"
        "from rotation_handlers.api_key.service import DOCUMENT\n"
        "print(http.__file__, urllib3.__file__, DOCUMENT, DOCUMENT.read_text())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    *files, services = done.stdout.split()
    assert services == "{}"
    assert all(file.startswith(str(package)) for file in files)


def test_no_half_made_package_is_left_when_there_is_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    keep_in = tmp_path / "packages"

    with pytest.raises(
        PackageError, match=r"what rotation_handlers/database/requirements\.txt lists cannot be installed"
    ):
        function_package(
            "rotation_handlers/database", platform=CodePlatform.LAMBDA, files={CERTIFICATES: PEM}, keep_in=keep_in
        )

    assert list(keep_in.iterdir()) == []


def test_the_roots_of_rds_are_read_when_no_file_is_given() -> None:
    assert read_certificates(None).count("-----BEGIN CERTIFICATE-----") > 100


@pytest.mark.parametrize("text", [None, "", "nothing"])
def test_the_file_is_refused_when_it_holds_no_certificates(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)

    with pytest.raises(CertificateAuthorityError, match="holds no PEM certificates; run: make setup"):
        read_certificates(path)
