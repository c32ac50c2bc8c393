"""The local provider in this process, and providers that answer in every other way."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from alees_secrets.naming import SecretName
from alees_secrets.values import SecretFields
from config.http_provider import Http
from local_cloud.postgres.certificates import make_server_certificate
from local_cloud.provider.keys import Keys
from local_cloud.provider.server import ProviderHandler, ProviderServer
from rotation_handlers.api_key.service import Service
from rotation_handlers.deadline import Deadline
from tests.unit.config.test_local import CLOUD

TOKEN = "the-management-token"
MANAGEMENT = json.dumps({"token": TOKEN})
"""The management secret's value."""

SECRET = "alees/local/api/payments/key"


@dataclass
class Provider:
    """A running provider.

    Attributes:
        url: Of its root, by a name that its certificate has.
        keys: What it has issued.
        certificates: PEM that verifies it.
        answer: What answers instead of the API, by method; methods that are missing are answered as usual.
        requests: Method and path of each request, in order.
    """

    url: str
    keys: Keys
    certificates: str
    answer: dict[str, Callable[[ProviderHandler], None]]
    requests: list[str]

    def declared(self) -> Http:
        """Return the provider as configuration of the local cloud declares it."""
        provider = replace(CLOUD, provider_url=self.url).environment().api_services[1].provider
        assert isinstance(provider, Http)
        return provider

    def service(self, deadline: Deadline, settings: Mapping[str, Any] | None = None, name: str = SECRET) -> Service:
        """Return what the provider's file is given."""
        return Service(
            secret=SecretName.parse(name),
            settings=self.declared().settings() if settings is None else settings,
            certificates=self.certificates,
            read_management=lambda: SecretFields({"token": TOKEN}),
            deadline=deadline,
        )


@contextmanager
def running_provider(folder: Path, most: int = 2) -> Iterator[Provider]:
    """Serve on a free port of 127.0.0.1, in a thread that ends with the context."""
    certificate = make_server_certificate()
    file = folder / "provider.pem"
    file.write_bytes(certificate.certificate + certificate.key)
    listener = socket.create_server(("127.0.0.1", 0))
    provider = Provider(
        url=f"https://localhost:{listener.getsockname()[1]}",
        keys=Keys(most),
        certificates=certificate.authority.decode(),
        answer={},
        requests=[],
    )

    class Handler(ProviderHandler):
        def do_GET(self) -> None:  # noqa: N802 - the library's name
            self._do(super().do_GET)

        def do_POST(self) -> None:  # noqa: N802
            self._do(super().do_POST)

        def do_DELETE(self) -> None:  # noqa: N802
            self._do(super().do_DELETE)

        def _do(self, usual: Callable[[], None]) -> None:
            provider.requests.append(f"{self.command} {self.path}")
            instead = provider.answer.get(self.command)
            usual() if instead is None else instead(self)

    with ProviderServer(listener, file, TOKEN, provider.keys, Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


def failing(handler: ProviderHandler) -> None:
    """Answer with status 500."""
    handler.answer(HTTPStatus.INTERNAL_SERVER_ERROR, {})


def refusing(handler: ProviderHandler) -> None:
    """Answer with status 401."""
    handler.answer(HTTPStatus.UNAUTHORIZED, {})


def redirecting(handler: ProviderHandler) -> None:
    """Answer with a redirect to where the API itself answers."""
    handler.send_response(HTTPStatus.TEMPORARY_REDIRECT)
    handler.send_header("Location", f"https://127.0.0.1:{handler.server.server_address[1]}{handler.path}")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def malformed(handler: ProviderHandler) -> None:
    """Answer with half a document."""
    handler.send_response(HTTPStatus.OK)
    handler.send_header("Content-Length", "1")
    handler.end_headers()
    handler.wfile.write(b"{")


def oversized(handler: ProviderHandler) -> None:
    """Answer without end."""
    handler.send_response(HTTPStatus.OK)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b" " * 65_536)


def dripping(handler: ProviderHandler) -> None:
    """Answer so slowly that no wait for the next byte is long."""
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" if handler.requestline else b"X: 1\r\n")
            handler.requestline = ""
            time.sleep(0.05)


def hanging_up(handler: ProviderHandler) -> None:
    """Close the connection instead of an answer."""
    handler.close_connection = True
