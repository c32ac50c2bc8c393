import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from local_cloud.postgres.certificates import ServerCertificate, make_server_certificate


def _verify(certificate: ServerCertificate, authority: ServerCertificate, name: str) -> None:
    store = Store([x509.load_pem_x509_certificate(authority.authority)])
    verifier = PolicyBuilder().store(store).build_server_verifier(x509.DNSName(name))
    verifier.verify(x509.load_pem_x509_certificate(certificate.certificate), [])


def test_certificate_verifies_when_its_own_authority_is_trusted() -> None:
    made = make_server_certificate()
    _verify(made, made, "localhost")


def test_certificate_is_refused_when_another_authority_is_trusted() -> None:
    with pytest.raises(VerificationError):
        _verify(make_server_certificate(), make_server_certificate(), "localhost")


def test_certificate_is_refused_when_the_server_has_another_name() -> None:
    made = make_server_certificate()
    with pytest.raises(VerificationError):
        _verify(made, made, "example.com")


def test_key_is_hidden_when_the_certificate_is_shown() -> None:
    assert "PRIVATE" not in repr(make_server_certificate())
