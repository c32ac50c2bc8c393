"""The mail server's certificate in files, as TLS libraries want it."""

import ssl
from pathlib import Path

from local_cloud.postgres.certificates import make_server_certificate

_CHAIN = "server.crt"
_KEY = "server.key"


def write_certificate(folder: Path, certificate_authority: Path) -> None:
    """Make a certificate for 127.0.0.1 and leave it in *folder*, and its authority's where clients find it."""
    certificate = make_server_certificate()
    folder.mkdir(exist_ok=True)
    for path, content, mode in (
        (folder / _CHAIN, certificate.certificate, 0o644),
        (folder / _KEY, certificate.key, 0o600),
        (certificate_authority, certificate.authority, 0o644),
    ):
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        path.chmod(mode)


def server_context(folder: Path) -> ssl.SSLContext:
    """Return what a server needs that shows the certificate in *folder*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / _CHAIN, folder / _KEY)
    return context
