import sys
from collections.abc import Iterator
from smtplib import SMTPAuthenticationError
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import RequestFactory
from django.views.debug import technical_500_response

from alees_secrets.django.email import EmailBackend
from alees_secrets.testing import InMemorySource
from tests.fakes.canary import CANARY, exception_texts
from tests.unit.alees_secrets.django.smtp_server import SmtpServer, running_smtp_server

PATH = "email/credentials"
MESSAGE = EmailMessage("Invoice", "Please pay.", "erp@example.com", ["customer@example.com"])


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with running_smtp_server() as server:
        yield server


def _accept(smtp: SmtpServer, source: InMemorySource, password: str) -> None:
    """Give the secret a value, which is the one that the server accepts."""
    source.set(PATH, {"host": "127.0.0.1", "port": smtp.port, "username": "alees", "password": password})
    smtp.accepted = ("alees", password)


def test_message_is_sent_when_the_secret_is_accepted(smtp: SmtpServer, in_memory: InMemorySource) -> None:
    _accept(smtp, in_memory, CANARY)
    backend = EmailBackend(host="ignored", username="ignored", password="ignored")
    assert backend.send_messages([MESSAGE]) == 1
    assert "Please pay." in smtp.messages[0]
    assert backend.connection is None
    assert CANARY not in repr(vars(backend))


def test_message_is_sent_when_the_password_was_rotated(smtp: SmtpServer, in_memory: InMemorySource) -> None:
    _accept(smtp, in_memory, CANARY)
    assert EmailBackend().send_messages([MESSAGE]) == 1
    _accept(smtp, in_memory, f"new-{CANARY}")
    assert EmailBackend().send_messages([MESSAGE]) == 1
    assert smtp.refusals == 1


def test_nothing_is_asked_for_when_nothing_is_opened(in_memory: InMemorySource) -> None:
    backend = EmailBackend(host="ignored", port=1)
    assert (backend.host, backend.port, backend.username, backend.password) == ("", "", "", "")
    assert in_memory.reads == []


def test_one_connection_is_used_when_it_is_open(smtp: SmtpServer, in_memory: InMemorySource) -> None:
    _accept(smtp, in_memory, CANARY)
    with EmailBackend() as backend:
        assert backend.open() is False
        assert CANARY not in repr(vars(backend.connection))
        assert backend.send_messages([MESSAGE]) == 1


def _fail(backend: Any, rf: RequestFactory) -> tuple[str, BaseException]:
    """Return Django's error page for a message that is not sent, and the error. Its frames begin here."""
    try:
        backend.send_messages([MESSAGE])
    except SMTPAuthenticationError as error:
        return technical_500_response(rf.get("/"), *sys.exc_info()).content.decode(), error
    pytest.fail("it works")


def test_no_value_is_shown_when_the_login_is_refused_for_good(
    smtp: SmtpServer, in_memory: InMemorySource, rf: RequestFactory
) -> None:
    _accept(smtp, in_memory, CANARY)
    smtp.accepted = ("alees", "another one")
    backend = EmailBackend()
    page, error = _fail(backend, rf)
    backend.close()
    assert "credentials are not accepted" in page
    assert CANARY not in page
    assert not any(CANARY in text for text in exception_texts(error))
    assert smtp.refusals == 1


def test_nothing_is_raised_when_it_is_to_fail_silently(smtp: SmtpServer, in_memory: InMemorySource) -> None:
    _accept(smtp, in_memory, CANARY)
    smtp.accepted = ("alees", "another one")
    backend = EmailBackend(fail_silently=True)
    assert backend.send_messages([MESSAGE]) == 0
    backend.close()
    assert backend.fail_silently is True
