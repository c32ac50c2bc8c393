"""The provider's REST API.

::

    GET    /v1/keys          {"data": [{"id", "name", "public"}], "has_more": false}   with the management token
    POST   /v1/keys          {"name"} makes {"key": {"id", "public", "secret"}}        with the management token
    DELETE /v1/keys/{id}     204, or 404                                               with the management token
    GET    /v1/account       200, or 401                                               with a key
"""

import hmac
import json
import socket
import ssl
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from local_cloud.provider.keys import Keys, TooManyKeysError

_KEYS = "/v1/keys"
_LARGEST_BODY = 65_536
_SILENT_SECONDS = 30.0


class ProviderHandler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    timeout = _SILENT_SECONDS
    server: "ProviderServer"

    def do_GET(self) -> None:
        """List the keys, or show the account of one."""
        if self.path == "/v1/account":
            public, secret = (self.headers.get(f"X-Api-{half}", "") for half in ("Key", "Secret"))
            accepted = self.server.keys.accept(public, secret)
            return self.answer(HTTPStatus.OK if accepted else HTTPStatus.UNAUTHORIZED, {"account": "local"})
        if not self._may_manage() or self.path != _KEYS:
            return self._refuse()
        data = [{"id": key.id, "name": key.name, "public": key.public} for key in self.server.keys.list()]
        return self.answer(HTTPStatus.OK, {"data": data, "has_more": False})

    def do_POST(self) -> None:
        """Make a key."""
        length = int(self.headers.get("Content-Length", "0"))
        self.close_connection = length > _LARGEST_BODY  # the rest of it would be taken for another request
        body = self.rfile.read(min(length, _LARGEST_BODY))
        if not self._may_manage() or self.path != _KEYS:
            return self._refuse()
        try:
            key = self.server.keys.create(json.loads(body)["name"])
        except (ValueError, KeyError, TypeError):
            return self.answer(HTTPStatus.BAD_REQUEST, {})
        except TooManyKeysError:
            return self.answer(HTTPStatus.CONFLICT, {})
        return self.answer(HTTPStatus.CREATED, {"key": {"id": key.id, "public": key.public, "secret": key.secret}})

    def do_DELETE(self) -> None:
        """End a key."""
        if not self._may_manage():
            return self._refuse()
        ended = self.server.keys.revoke(self.path.removeprefix(f"{_KEYS}/"))
        return self.answer(HTTPStatus.NO_CONTENT if ended else HTTPStatus.NOT_FOUND, {})

    def answer(self, status: HTTPStatus, document: object) -> None:
        """Send *document* as JSON."""
        body = b"" if status is HTTPStatus.NO_CONTENT else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Log nothing."""

    def _may_manage(self) -> bool:
        expected = f"Bearer {self.server.token}".encode()
        return hmac.compare_digest(self.headers.get("Authorization", "").encode(), expected)

    def _refuse(self) -> None:
        self.answer(HTTPStatus.NOT_FOUND if self._may_manage() else HTTPStatus.UNAUTHORIZED, {})


class ProviderServer(ThreadingHTTPServer):
    """Serves the API over TLS.

    Args:
        listener: Bound to a port of 127.0.0.1; belongs to the server from now on.
        certificate: PEM file with the server's certificate and its private key.
        token: What management calls authenticate by.
        keys: The keys.
        handler: Answers each request.
    """

    daemon_threads = True

    def __init__(
        self,
        listener: socket.socket,
        certificate: Path,
        token: str,
        keys: Keys,
        handler: type[ProviderHandler] = ProviderHandler,
    ) -> None:
        super().__init__(listener.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)
        self.socket = listener
        self.server_activate()
        self.token = token
        self.keys = keys

    def finish_request(self, request: object, client_address: object) -> None:
        """Speak TLS in the request's own thread, so that nobody waits for another's handshake."""
        assert isinstance(request, socket.socket)  # noqa: S101 - tells the type checker what the library passes
        request.settimeout(_SILENT_SECONDS)
        with self._tls.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that goes away or trusts another authority is no defect here."""
