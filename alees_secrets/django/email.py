"""Django's SMTP backend, with credentials from the secret for each new connection."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp

from alees_secrets.django.attempts import with_secret
from alees_secrets.values import SecretFields

SECRET = "email/credentials"  # noqa: S105 - a secret's name


def _from_secret(field: str) -> Any:  # noqa: ANN401 - a property
    # Settable, because Django's backend sets what the settings give; that is left aside. Django 6.1 also asks whether
    # there is a host, before anything is opened.
    return property(lambda self: self._fields.get(field, ""), lambda _self, _given: None)


class EmailBackend(smtp.EmailBackend):
    """Sends e-mail with host, port, user name and password of ``email/credentials``.

    ``EMAIL_USE_TLS``, ``EMAIL_USE_SSL``, ``EMAIL_TIMEOUT`` and so on are Django's. ``EMAIL_HOST``, ``EMAIL_PORT``,
    ``EMAIL_HOST_USER`` and ``EMAIL_HOST_PASSWORD`` are not used, nor are a user name and a password that are given to
    ``send_mail``.
    A refused login refreshes the secret, and is tried once more with what it holds then.
    """

    fail_silently: bool
    _fields = SecretFields({})
    host = _from_secret("host")
    port = _from_secret("port")
    username = _from_secret("username")
    password = _from_secret("password")

    def open(self) -> bool | None:
        """Open a connection unless one is open; return whether it did, None when it failed silently."""
        if self.connection:
            return False
        silent, self.fail_silently = self.fail_silently, False
        try:
            return with_secret(SECRET, self._open, lambda error: isinstance(error, smtplib.SMTPAuthenticationError))
        except OSError:
            if not silent:
                raise
            return None
        finally:
            self.fail_silently = silent

    def _open(self, fields: SecretFields) -> bool | None:
        self._fields = fields
        opened: bool | None = super().open()
        self.connection.password = None  # smtplib keeps what it logged in with
        return opened
