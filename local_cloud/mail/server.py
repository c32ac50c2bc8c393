"""The SMTP server: a login over TLS, and mail that is taken and thrown away."""

import logging
import ssl
from collections.abc import Callable

from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Accepts = Callable[[str, str], bool]
"""Tells whether a user name and a password belong together."""

_HOST = "localhost"


def mail_protocol(accepts: Accepts, tls: ssl.SSLContext | None) -> Callable[[], SMTP]:
    """Return what makes the protocol of one connection, for an event loop's ``create_server``.

    Args:
        accepts: Asked at each login.
        tls: Certificate and key for STARTTLS, without which there is no login; None where the listener itself speaks
            TLS.
    """
    # aiosmtpd logs each command.
    logging.getLogger("mail.log").setLevel(logging.ERROR)

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and accepts(
            data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
        )
        return AuthResult(success=known, handled=False)

    def protocol() -> SMTP:
        return SMTP(
            Sink(),
            hostname=_HOST,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=tls is not None,
            auth_require_tls=tls is not None,
            authenticator=authenticate,
        )

    return protocol
