"""An SMTP server that lets one user in, with one password."""

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SmtpServer(socketserver.ThreadingTCPServer):
    """Speaks as much of SMTP as smtplib does without TLS: EHLO, AUTH PLAIN, a message, QUIT.

    Attributes:
        accepted: User name and password that are let in.
        refusals: How many logins were refused.
        messages: What was delivered.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.accepted = ("nobody", "nothing")
        self.refusals = 0
        self.messages: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self._say("220 local")
        for line in iter(lambda: self.rfile.readline().decode().strip(), ""):
            match line.split()[0].upper():
                case "EHLO":
                    self._say("250-local\r\n250 AUTH PLAIN")
                case "AUTH":
                    self._authenticate(line.split()[2])
                case "DATA":
                    self._say("354 go on")
                    body = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                    self.server.messages.append("".join(body))
                    self._say("250 delivered")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 very well")

    def _authenticate(self, given: str) -> None:
        _, user, password = base64.b64decode(given).decode().split("\0")
        if (user, password) == self.server.accepted:
            self._say("235 welcome")
        else:
            self.server.refusals += 1
            self._say("535 5.7.8 credentials are not accepted")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running_smtp_server() -> Iterator[SmtpServer]:
    """Start a server on a free port, and end it with the context."""
    with SmtpServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
