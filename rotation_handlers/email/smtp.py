"""A login at a mail server, as an application's: always TLS with a verified host name, always bounded.

No exception of smtplib leaves this module: a server may repeat what it was sent.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from alees_secrets.errors import InvalidSecretError
from alees_secrets.kinds import KINDS, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError

IMPLICIT_TLS_PORTS = frozenset({465, 2465})
"""Ports on which TLS comes first (RFC 8314, section 3.3; 2465 is Amazon SES's second one); others speak STARTTLS."""

_LONGEST_SECONDS = 15.0
_UNTRUSTED = "it was signed by nobody who is trusted"
_OTHER_HOST = "it names another host"
_CERTIFICATE_PROBLEMS: Mapping[int, str] = MappingProxyType(
    {
        2: _UNTRUSTED,
        9: "it is not valid yet",
        10: "it has expired",
        18: _UNTRUSTED,
        19: _UNTRUSTED,
        20: _UNTRUSTED,
        21: _UNTRUSTED,
        62: _OTHER_HOST,
        64: _OTHER_HOST,
    }
)
"""By OpenSSL's X509_V_ERR codes, as x509_vfy.h numbers them. Its own messages repeat the host, a field of the secret.
https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/"""

_READY = 220  # RFC 5321, section 4.2.3: service ready
_OWN_NAME = "[127.0.0.1]"
"""What EHLO says; smtplib would look this machine's name up, which takes long where there is no name."""


@dataclass(slots=True)
class _Alarm:
    """Ends a session that takes too long; a server that sends a byte now and then never lets a read time out."""

    session: smtplib.SMTP
    rang: bool = field(default=False)

    def ring(self) -> None:
        self.rang = True
        if self.session.sock is not None:
            with suppress(OSError):
                # Not SSLSocket's own, which takes the TLS session from under the thread that reads.
                socket.socket.shutdown(self.session.sock, socket.SHUT_RDWR)


def log_in(
    value: SecretFields,
    certificate_authority: Path | None,
    deadline: Deadline,
    implicit_tls_ports: Collection[int] = IMPLICIT_TLS_PORTS,
) -> None:
    """Log in with *value* and out again; nothing is sent.

    Args:
        value: The secret's value: host, port, username, password.
        certificate_authority: PEM file; None for the authorities that the operating system trusts.
        deadline: When waiting must end.
        implicit_tls_ports: Ports on which TLS comes first.

    Raises:
        RotationError: It did not succeed. The cause is AUTHENTICATION only if the server itself refused the
            credentials; PROVIDER if it answered something else.
    """
    _require_valid(value)
    user, password = str(value["username"]), str(value["password"])
    if not (user + password).isascii():
        raise RotationError(Cause.BAD_SECRET, "username and password must be ASCII: SMTP's login takes nothing else")
    port = int(value["port"])
    server = _Server(
        host=str(value["host"]),
        port=port,
        tls_first=port in implicit_tls_ports,
        context=_context(certificate_authority),
        seconds=min(_LONGEST_SECONDS, deadline.seconds_left()),
    )
    try:
        with _session(server) as session:
            if not server.tls_first:
                _start_tls(session, server.context)
            session.login(user, password)
            return
    except OSError as error:  # smtplib's own are of it
        failure = _failure(error)
    raise failure


def _require_valid(value: SecretFields) -> None:
    try:
        check_fields(KINDS[KindName.EMAIL], value)
    except InvalidSecretError as error:
        problem = str(error)
    else:
        return
    raise RotationError(Cause.BAD_SECRET, f"the value is {problem}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Server:
    host: str
    port: int
    tls_first: bool
    context: ssl.SSLContext
    seconds: float


def _context(certificate_authority: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=None if certificate_authority is None else str(certificate_authority))


def _start_tls(session: smtplib.SMTP, context: ssl.SSLContext) -> None:
    session.ehlo_or_helo_if_needed()
    if not session.has_extn("starttls"):
        raise RotationError(Cause.TLS, "the mail server offers no TLS")
    session.starttls(context=context)


def _connect(session: smtplib.SMTP, server: _Server) -> None:
    code, _ = session.connect(server.host, server.port)
    if code != _READY:
        raise RotationError(Cause.PROVIDER, "what the mail server says first is not SMTP, or says that it is closed")


def _count_addresses(server: _Server) -> int:
    """Return how many addresses the server's name has.

    Raises:
        RotationError: No name can be written like that: its error would show it.
        OSError: It does not resolve.
    """
    try:
        return len(socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM))
    except ValueError:  # a label that is empty or too long, or a character that names do not have
        pass
    raise RotationError(Cause.DNS, "the mail server's host is no name that can be resolved")


@contextmanager
def _session(server: _Server) -> Iterator[smtplib.SMTP]:
    """Open a session that ends by itself when the time is used up."""
    seconds = server.seconds / _count_addresses(server)  # smtplib tries one address after the other
    session = (
        smtplib.SMTP_SSL(local_hostname=_OWN_NAME, timeout=seconds, context=server.context)
        if server.tls_first
        else smtplib.SMTP(local_hostname=_OWN_NAME, timeout=seconds)
    )
    # A session that is not opened at once forgets what name to verify: https://github.com/python/cpython/issues/80275
    session._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001
    alarm = _Alarm(session)
    timer = threading.Timer(server.seconds, alarm.ring)
    timer.daemon = True
    timer.start()
    try:
        _connect(session, server)
        yield session
    except (OSError, RotationError):
        if not alarm.rang:
            raise
    finally:
        timer.cancel()
        session.close()
    if alarm.rang:
        raise RotationError(Cause.NETWORK, "the mail server is too slow; the login was given up")


def _failure(error: OSError) -> RotationError:
    match error:
        case socket.gaierror():
            cause, message = Cause.DNS, "the mail server's host name does not resolve"
        case ssl.SSLCertVerificationError():
            problem = _CERTIFICATE_PROBLEMS.get(error.verify_code, f"OpenSSL's code {error.verify_code}")
            cause, message = Cause.TLS, f"the mail server's certificate does not verify ({problem})"
        case ssl.SSLError():
            cause, message = Cause.TLS, f"TLS with the mail server failed ({error.reason or 'no reason given'})"
        case smtplib.SMTPAuthenticationError(smtp_code=535):  # RFC 4954, section 6: credentials invalid
            cause, message = Cause.AUTHENTICATION, "the mail server refused the login"
        case smtplib.SMTPResponseException():
            cause, message = Cause.PROVIDER, f"the mail server answered {error.smtp_code} to the login"
        case smtplib.SMTPServerDisconnected():
            cause, message = Cause.NETWORK, "the mail server ended the connection"
        case smtplib.SMTPException():
            cause, message = Cause.PROVIDER, "the mail server offers no login that is known here"
        case _:
            cause, message = Cause.NETWORK, "the mail server could not be reached, or the connection was lost"
    return RotationError(cause, message)
