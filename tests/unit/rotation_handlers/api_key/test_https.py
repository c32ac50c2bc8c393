"""Requests are verified, not redirected, bounded, and silent about what they carry."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from local_cloud.provider.server import ProviderHandler
from rotation_handlers.api_key import https
from rotation_handlers.api_key.https import Https, Request
from rotation_handlers.deadline import MARGIN_SECONDS, Deadline
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.canary import CANARY, exception_texts
from tests.fakes.lambda_context import FakeContext
from tests.fakes.provider import (
    Provider,
    dripping,
    failing,
    hanging_up,
    malformed,
    oversized,
    redirecting,
)


def _https(provider: Provider | None, seconds: float = 60.0, total_seconds: float = 5.0) -> Https:
    certificates = None if provider is None else provider.certificates
    return Https(Deadline(FakeContext(seconds)), certificates, total_seconds=total_seconds)


def _request(url: str) -> Request:
    return Request(method="GET", url=url, headers={"X-Api-Secret": CANARY}, body=None)


def _refusal(sender: Https, url: str) -> RotationError:
    with pytest.raises(RotationError) as refused:
        sender.send(_request(url))
    assert not any(CANARY in text for text in exception_texts(refused.value))
    assert refused.value.__context__ is None
    return refused.value


def test_the_answer_is_told_when_the_server_verifies(provider: Provider) -> None:
    answer = _https(provider).send(_request(f"{provider.url}/v1/account"))

    assert (answer.status, answer.accepted, answer.refused) == (401, False, True)
    assert answer.document() == {"account": "local"}


@pytest.mark.parametrize(
    ("answers", "status", "document"), [(failing, 500, {}), (redirecting, 307, None), (malformed, 200, None)]
)
def test_the_answer_is_told_as_it_is_when_the_server_does_something_else(
    provider: Provider, answers: Callable[[ProviderHandler], None], status: int, document: object
) -> None:
    provider.answer["GET"] = answers

    answer = _https(provider).send(_request(provider.url))

    assert (answer.status, answer.document()) == (status, document)
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("answers", "cause", "message"),
    [
        (oversized, Cause.PROVIDER, "the answer is larger than 262144 bytes"),
        (dripping, Cause.NETWORK, "the server did not answer within 1 seconds"),
        (hanging_up, Cause.NETWORK, "the connection was lost"),
    ],
)
def test_one_error_is_told_when_the_server_misbehaves(
    provider: Provider, answers: Callable[[ProviderHandler], None], cause: Cause, message: str
) -> None:
    provider.answer["GET"] = answers

    refused = _refusal(_https(provider, total_seconds=1.0 if answers is dripping else 5.0), provider.url)

    assert refused.cause is cause
    assert message in str(refused)


def test_the_deadline_is_told_when_it_comes_before_the_answer(provider: Provider) -> None:
    provider.answer["GET"] = dripping

    assert _refusal(_https(provider, MARGIN_SECONDS + 0.2), provider.url).cause is Cause.DEADLINE


def test_nothing_is_sent_when_the_deadline_has_passed(provider: Provider) -> None:
    assert _refusal(_https(provider, MARGIN_SECONDS), provider.url).cause is Cause.DEADLINE
    assert provider.requests == []


def test_tls_is_told_when_another_authority_signed_the_certificate(provider: Provider) -> None:
    assert _refusal(_https(None), provider.url).cause is Cause.TLS


def test_tls_is_told_when_the_certificate_names_another_host(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(provider.url.rpartition(":")[2])
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: here)

    assert _refusal(_https(provider), f"https://another.example:{port}/").cause is Cause.TLS


def test_the_network_is_told_when_nobody_listens(provider: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert _refusal(_https(provider), f"https://localhost:{port}/").cause is Cause.NETWORK


def test_dns_is_told_when_the_name_does_not_resolve(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert _refusal(_https(provider), "https://nobody.invalid/").cause is Cause.DNS


def test_a_defect_is_told_without_the_header_when_one_cannot_be_sent(provider: Provider) -> None:
    with pytest.raises(RotationError, match=r"could not be made \(ValueError\)") as refused:
        _https(provider).send(Request(method="GET", url=provider.url, headers={"X": f"{CANARY}\r\nY: 1"}, body=None))

    assert not any(CANARY in text for text in exception_texts(refused.value))


def test_nothing_is_shown_of_a_request_or_an_answer_when_they_are_printed() -> None:
    request = Request(method="GET", url="https://a.example", headers={"X": CANARY}, body=CANARY)

    assert CANARY not in repr(request) + repr(https.Answer(status=200, body=CANARY.encode()))


def test_nothing_is_sent_any_more_when_resolving_the_name_outlasted_the_time(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, released = socket.getaddrinfo, threading.Event()

    def resolve_late(*arguments: Any, **more: Any) -> Any:
        released.wait()
        return resolve(*arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_late)
    before = set(threading.enumerate())

    refused = _refusal(_https(provider, total_seconds=0.1), provider.url)

    (abandoned,) = set(threading.enumerate()) - before
    released.set()
    abandoned.join()
    assert (refused.cause, provider.requests) == (Cause.NETWORK, [])
