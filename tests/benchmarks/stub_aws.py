"""A Secrets Manager that answers reads at once, late, with 503 or not at all, and counts requests."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MISSING = {"__type": "ResourceNotFoundException", "message": "no such secret"}


@dataclass
class StubAws:
    """What the server does.

    Attributes:
        secrets: Name to SecretString.
        port: Where it listens.
        calls: Requests by operation.
        answering: Cleared to let requests hang.
        status: 503 to fail.
        delay: Seconds before each answer.
    """

    secrets: dict[str, str]
    port: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    answering: threading.Event = field(default_factory=threading.Event)
    status: int = 200
    delay: float = 0.0

    @property
    def url(self) -> str:
        """Return its endpoint."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and body of an answer."""
        self.calls[operation] += 1
        self.answering.wait(30)
        if self.delay:
            threading.Event().wait(self.delay)
        if self.status != 200:
            return self.status, {"__type": "ServiceUnavailable"}
        if operation == "BatchGetSecretValue":
            values = [self._value(name) for name in request["SecretIdList"] if name in self.secrets]
            return 200, {"SecretValues": values, "Errors": []}
        if request["SecretId"] not in self.secrets:
            return 400, MISSING
        if operation == "DescribeSecret":
            return 200, {"Name": request["SecretId"], "VersionIdsToStages": {"v" * 32: ["AWSCURRENT"]}}
        return 200, self._value(request["SecretId"])

    def _value(self, name: str) -> dict[str, Any]:
        return {"Name": name, "SecretString": self.secrets[name], "VersionId": "v" * 32, "CreatedDate": 1.0}


@contextmanager
def stub_aws(secrets: dict[str, str]) -> Iterator[StubAws]:
    """Run the server on a free port until the block ends."""
    stub = StubAws(secrets)
    stub.answering.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = stub.answer(self.headers["X-Amz-Target"].partition(".")[2], json.loads(body))
            sent = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of clients that hung up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        stub.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield stub
        stub.answering.set()
        server.shutdown()
