"""Certificates of mail servers that signed them themselves, with which something is wrong."""

import datetime as dt
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True, kw_only=True)
class SelfSigned:
    """Writes such a certificate, which is its own authority.

    Attributes:
        host: Address that it names.
        begins: Days from now on which it becomes valid.
        ends: Days from now on which it ends.
        usage: What its key may be used for.
    """

    host: str = "127.0.0.1"
    begins: int = -2
    ends: int = 2
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH

    def __call__(self, folder: Path, certificate_authority: Path) -> None:
        """Leave it in *folder*, as local_cloud.mail.certificates does, and where clients find authorities."""
        now, key = dt.datetime.now(dt.UTC), ec.generate_private_key(ec.SECP256R1())
        names = [x509.IPAddress(ipaddress.ip_address(self.host))]
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + dt.timedelta(days=self.begins))
            .not_valid_after(now + dt.timedelta(days=self.ends))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([self.usage]), critical=False)
            .sign(key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )
        folder.mkdir()
        (folder / "server.crt").write_bytes(certificate)
        (folder / "server.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        certificate_authority.write_bytes(certificate)
