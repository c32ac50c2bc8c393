"""Logins at real SMTP servers over TLS, and one error for each cause."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from alees_secrets.values import SecretFields
from local_cloud.postgres.certificates import make_server_certificate
from rotation_handlers.deadline import MARGIN_SECONDS, Deadline
from rotation_handlers.email.smtp import log_in
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.canary import CANARY, exception_texts
from tests.fakes.lambda_context import FakeContext
from tests.fakes.mail_certificates import SelfSigned
from tests.fakes.mail_server import MailServer, mail_server, speaking

USER = "somebody"
UNVERIFIED = "the mail server's certificate does not verify"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A server with STARTTLS, which knows one user."""
    with mail_server(tmp_path) as running:
        running.passwords[USER] = CANARY
        yield running


def deadline(seconds: float = 20.0) -> Deadline:
    return Deadline(FakeContext(MARGIN_SECONDS + seconds))


def refused(value: dict[str, Any], authority: Path | None, seconds: float = 20.0, **more: Any) -> RotationError:
    """Log in in vain; return the error, in which nothing of the value stands."""
    with pytest.raises(RotationError) as caught:
        log_in(SecretFields(value), authority, deadline(seconds), **more)
    shown = [text for text in exception_texts(caught.value) if CANARY in text or USER in text]
    assert shown == []
    return caught.value


def test_the_login_succeeds_when_the_password_is_right(server: MailServer) -> None:
    log_in(SecretFields(server.value(USER, CANARY)), server.certificate_authority, deadline())

    assert server.logins == [USER]


def test_the_login_succeeds_when_tls_comes_first(tmp_path: Path) -> None:
    with mail_server(tmp_path, implicit_tls=True) as server:
        server.passwords[USER] = CANARY
        value = SecretFields(server.value(USER, CANARY))

        log_in(value, server.certificate_authority, deadline(), implicit_tls_ports={server.port})

    assert server.logins == [USER]


def test_the_refusal_is_definite_when_the_password_is_wrong(server: MailServer) -> None:
    error = refused(server.value(USER, CANARY[::-1]), server.certificate_authority)

    assert (error.cause, str(error)) == (Cause.AUTHENTICATION, "the mail server refused the login")


def test_the_login_is_refused_by_us_when_it_is_not_ascii(server: MailServer) -> None:
    error = refused(server.value(USER, CANARY + "\u00e9"), server.certificate_authority)

    assert error.cause is Cause.BAD_SECRET
    assert server.logins == []


def test_nothing_is_sent_when_the_certificate_is_signed_by_somebody_else(server: MailServer, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(make_server_certificate().authority)

    for authority in (stranger, None):
        error = refused(server.value(USER, CANARY), authority)
        assert (error.cause, str(error)) == (Cause.TLS, f"{UNVERIFIED} (it was signed by nobody who is trusted)")
    assert server.logins == []


@pytest.mark.parametrize(
    ("certify", "problem"),
    [
        (SelfSigned(begins=1), "it is not valid yet"),
        (SelfSigned(ends=-1), "it has expired"),
        (SelfSigned(host="127.0.0.2"), "it names another host"),
        (SelfSigned(usage=ExtendedKeyUsageOID.CLIENT_AUTH), "OpenSSL's code 26"),
    ],
)
def test_nothing_is_sent_when_something_is_wrong_with_a_certificate_that_is_trusted(
    tmp_path: Path, certify: SelfSigned, problem: str
) -> None:
    with mail_server(tmp_path, certify=certify) as server:
        error = refused(server.value(USER, CANARY), server.certificate_authority)

    assert (error.cause, str(error)) == (Cause.TLS, f"{UNVERIFIED} ({problem})")
    assert server.logins == []


def test_a_certificate_that_the_server_signed_itself_is_accepted_only_when_it_is_trusted(tmp_path: Path) -> None:
    with mail_server(tmp_path, certify=SelfSigned()) as server:
        server.passwords[USER] = CANARY
        log_in(SecretFields(server.value(USER, CANARY)), server.certificate_authority, deadline())

        error = refused(server.value(USER, CANARY), None)

    assert (error.cause, str(error)) == (Cause.TLS, f"{UNVERIFIED} (it was signed by nobody who is trusted)")


@pytest.mark.parametrize("implicit_tls", [False, True])
def test_nothing_is_sent_when_the_certificate_names_another_host(tmp_path: Path, implicit_tls: bool) -> None:  # noqa: FBT001
    with mail_server(tmp_path, implicit_tls=implicit_tls) as server:
        ports = {server.port} if implicit_tls else set()
        # Linux answers on all of 127.0.0.0/8; the certificate names 127.0.0.1 alone.
        value = server.value(USER, CANARY) | {"host": "127.1"}

        error = refused(value, server.certificate_authority, implicit_tls_ports=ports)

    assert (error.cause, str(error)) == (Cause.TLS, f"{UNVERIFIED} (it names another host)")
    assert server.logins == []


def test_nothing_is_sent_when_the_server_offers_no_tls() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        assert (await reader.readline()).startswith(b"ehlo")
        writer.write(b"250 AUTH PLAIN\r\n")
        heard.append(await reader.read())
        writer.close()

    heard: list[bytes] = []
    with speaking(speak) as port:
        error = refused({"host": "127.0.0.1", "port": port, "username": USER, "password": CANARY}, None)

    assert (error.cause, str(error)) == (Cause.TLS, "the mail server offers no TLS")
    assert heard in ([], [b""])


def test_the_network_is_named_when_the_port_is_closed() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

        error = refused({"host": "127.0.0.1", "port": port, "username": USER, "password": CANARY}, None)

    assert error.cause is Cause.NETWORK


def test_the_name_is_told_of_when_it_does_not_resolve() -> None:
    error = refused({"host": "mail.invalid", "port": 587, "username": USER, "password": CANARY}, None)

    assert error.cause is Cause.DNS


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.test", "a\0b", "\ud800.test"])
def test_the_name_is_told_of_when_no_name_is_written_like_that(host: str) -> None:
    error = refused({"host": host, "port": 587, "username": USER, "password": CANARY}, None)

    assert error.cause is Cause.DNS
    assert host not in str(error)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"port": None}, "port is missing"),
        ({"port": "587"}, "port is of type str, not an integer"),
        ({"host": ""}, "host is empty"),
        ({"more": "x"}, "more is not a field of it"),
    ],
)
def test_nothing_is_tried_when_the_value_is_no_mail_secrets(changes: dict[str, Any], message: str) -> None:
    value = {"host": "127.0.0.1", "port": 587, "username": USER, "password": CANARY} | changes

    error = refused({name: each for name, each in value.items() if each is not None}, None)

    assert (error.cause, message in str(error)) == (Cause.BAD_SECRET, True)


@pytest.mark.parametrize("trickle", [b"", b"2"], ids=["silent", "trickling"])
def test_the_login_ends_when_the_server_is_too_slow(trickle: bytes) -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(trickle)
            await asyncio.sleep(0.1)

    with speaking(speak) as port:
        value = {"host": "127.0.0.1", "port": port, "username": USER, "password": CANARY}
        error = refused(value, None, seconds=0.6)

    assert error.cause is Cause.NETWORK


@pytest.mark.parametrize(
    ("greeting", "cause"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Cause.PROVIDER),
        (b"554 no service\r\n", Cause.PROVIDER),
        (b"220 ready\r\n", Cause.NETWORK),
    ],
    ids=["no SMTP", "closed", "hangs up"],
)
def test_the_cause_is_told_when_the_server_speaks_otherwise(greeting: bytes, cause: Cause) -> None:
    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    with speaking(speak) as port:
        error = refused({"host": "127.0.0.1", "port": port, "username": USER, "password": CANARY}, None)

    assert error.cause is cause


def test_tls_is_named_when_it_comes_first_and_the_server_speaks_none(server: MailServer) -> None:
    error = refused(server.value(USER, CANARY), server.certificate_authority, implicit_tls_ports={server.port})

    assert error.cause is Cause.TLS


def test_no_login_is_begun_when_no_time_is_left(server: MailServer) -> None:
    error = refused(server.value(USER, CANARY), server.certificate_authority, seconds=-1)

    assert error.cause is Cause.DEADLINE
    assert server.logins == []
