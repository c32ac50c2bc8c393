"""Real SMTP servers over TLS on free ports, and servers that are none."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local_cloud.mail.certificates import server_context, write_certificate
from local_cloud.mail.server import mail_protocol

ProtocolMaker = Callable[[], asyncio.BaseProtocol]
Speaker = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class MailServer:
    """A server that lets in who is in its book.

    Attributes:
        port: On 127.0.0.1.
        certificate_authority: PEM file that verifies it.
        passwords: User name to password.
        logins: User names that tried, in order.
    """

    port: int
    certificate_authority: Path
    passwords: dict[str, str] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)

    host = "127.0.0.1"

    def value(self, username: str, password: str) -> dict[str, str | int]:
        """Return a value of the e-mail secret."""
        return {"host": self.host, "port": self.port, "username": username, "password": password}

    def accepts(self, username: str, password: str) -> bool:
        """Tell whether the two are in the book."""
        self.logins.append(username)
        return self.passwords.get(username) == password


@contextmanager
def mail_server(
    folder: Path, *, implicit_tls: bool = False, certify: Callable[[Path, Path], None] = write_certificate
) -> Iterator[MailServer]:
    """Start a server with a certificate of its own, by STARTTLS or with TLS from the start."""
    authority = folder / "mail-ca.pem"
    certify(folder / "mail", authority)
    tls = server_context(folder / "mail")
    with _listener() as listener:
        server = MailServer(listener.getsockname()[1], authority)
        protocol = mail_protocol(server.accepts, None if implicit_tls else tls)
        with serving(listener, protocol, tls if implicit_tls else None):
            yield server


@contextmanager
def speaking(speak: Speaker) -> Iterator[int]:
    """Serve connections with *speak*; yield the port."""

    def protocol() -> asyncio.BaseProtocol:
        return asyncio.StreamReaderProtocol(asyncio.StreamReader(), speak)

    with _listener() as listener, serving(listener, protocol, None):
        yield listener.getsockname()[1]


@contextmanager
def serving(listener: socket.socket, protocol: ProtocolMaker, tls: ssl.SSLContext | None) -> Iterator[None]:
    """Serve on *listener* in a thread with a loop of its own."""
    loop, opened = asyncio.new_event_loop(), []

    def remember() -> asyncio.BaseProtocol:
        opened.append(protocol())
        return opened[-1]

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()

    thread = threading.Thread(target=work)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(loop.create_server(remember, sock=listener, ssl=tls), loop).result()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_end(opened), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(opened: list[asyncio.BaseProtocol]) -> None:
    """Break every connection and end what serves it."""
    for protocol in opened:
        for name in ("transport", "_transport", "_original_transport"):
            if (transport := getattr(protocol, name, None)) is not None:
                transport.abort()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(3):  # transports tell their protocols of their end in a turn of the loop each
        await asyncio.sleep(0)


@contextmanager
def _listener() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener
