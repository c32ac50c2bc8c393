"""One HTTPS request at a time: verified, not redirected, and bounded in time and size.

Nothing of a request or an answer stands in an error: both hold keys.
"""

import json
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import urllib3
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
"""How long the server may be silent."""

TOTAL_SECONDS = 10.0
"""How long one request may take, from name resolution to the answer's last byte."""

MOST_BYTES = 262_144
"""Largest answer that is read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is sent.

    Attributes:
        method: Of HTTP.
        url: Starts with https; without secrets, since servers log URLs.
        headers: By name.
        body: Sent as JSON; None sends none.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: object = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: Of HTTP.
        body: As it was sent.
    """

    status: int
    body: bytes = field(repr=False)

    @property
    def accepted(self) -> bool:
        """Tell whether the status is 2xx."""
        return HTTPStatus(200) <= self.status < HTTPStatus(300)

    @property
    def refused(self) -> bool:
        """Tell whether the status says that the credentials are refused."""
        return self.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}

    def document(self) -> object:
        """Return the JSON in the body; None if it is none."""
        try:
            document: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return document


class Https:
    """Sends requests.

    Args:
        deadline: No request goes on beyond it.
        certificates: PEM certificates to verify servers with; None trusts what the system does.
        total_seconds: How long one request may take.
    """

    def __init__(
        self, deadline: Deadline, certificates: str | None = None, *, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self._deadline = deadline
        self._certificates = certificates
        self._total_seconds = total_seconds

    def send(self, request: Request) -> Answer:
        """Return the answer to *request*, whatever its status.

        Raises:
            RotationError: There is none in time, it is too large, or the server cannot be reached or verified.
        """
        seconds = min(self._total_seconds, self._deadline.seconds_left())
        exchange = _Exchange(request, self._certificates, time.monotonic() + seconds)
        # In a thread of its own, since name resolution and a server that sends a byte now and then know no limit.
        thread = threading.Thread(target=exchange.run, daemon=True)
        thread.start()
        thread.join(seconds)
        outcome = exchange.outcome
        if isinstance(outcome, Answer):
            return outcome
        if outcome is None:
            self._deadline.seconds_left()
            raise RotationError(Cause.NETWORK, f"the server did not answer within {seconds:.0f} seconds")
        raise outcome


class _Exchange:
    """One request and its answer."""

    def __init__(self, request: Request, certificates: str | None, end: float) -> None:
        self._request = request
        self._certificates = certificates
        self._end = end
        self.outcome: Answer | RotationError | None = None

    def run(self) -> None:
        """Do it, and leave the answer or the error in outcome."""
        try:
            self.outcome = self._exchange()
        except RotationError as error:
            self.outcome = error
        except HTTPError as error:
            self.outcome = _failure(error)
        except Exception as error:  # noqa: BLE001 - it ends a thread; its message could hold a header
            self.outcome = RotationError(Cause.UNEXPECTED, f"the request could not be made ({type(error).__name__})")
        if isinstance(self.outcome, RotationError):
            self.outcome = RotationError(self.outcome.cause, str(self.outcome))  # another one, without a context

    def _exchange(self) -> Answer:
        waits = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        url = urllib3.util.parse_url(self._request.url)
        with urllib3.HTTPSConnectionPool(
            str(url.host),
            url.port,
            cert_reqs=ssl.CERT_REQUIRED,
            ca_cert_data=self._certificates,
            timeout=waits,
            retries=False,
        ) as pool:
            pool.ConnectionCls = _timely(self._end)
            body = None if self._request.body is None else json.dumps(self._request.body).encode()
            headers = {"Accept": "application/json", "Accept-Encoding": "identity", **self._request.headers}
            if body is not None:
                headers = {"Content-Type": "application/json", **headers}
            answer = pool.request(
                self._request.method,
                url.request_uri,
                headers=headers,
                body=body,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                return Answer(status=answer.status, body=self._read(answer))
            finally:
                answer.close()

    def _read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        received = bytearray()
        while chunk := answer.read1(65_536, decode_content=False):
            received += chunk
            if len(received) > MOST_BYTES:
                raise RotationError(Cause.PROVIDER, f"the answer is larger than {MOST_BYTES} bytes")
            if time.monotonic() > self._end:
                raise RotationError(Cause.NETWORK, "the answer did not end in time")
        return bytes(received)


def _timely(end: float) -> type[HTTPSConnection]:
    """Return connections over which nothing is sent after *end*, when nobody waits for the answer any more.

    Name resolution knows no limit, and a request that goes out later than the next one could undo what that did.
    """

    class Timely(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            if time.monotonic() >= end:
                raise RotationError(Cause.NETWORK, "the connection was not there in time")

    return Timely


def _failure(error: HTTPError) -> RotationError:
    if isinstance(error, NameResolutionError):
        return RotationError(Cause.DNS, "the server's host name does not resolve")
    if isinstance(error, SSLError):
        return RotationError(Cause.TLS, "the server's certificate does not verify, or it does not speak TLS")
    if isinstance(error, NewConnectionError | ConnectTimeoutError):
        return RotationError(Cause.NETWORK, "the server cannot be reached")
    return RotationError(Cause.NETWORK, f"the connection was lost, or the server was silent ({type(error).__name__})")
