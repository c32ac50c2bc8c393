"""The function's HTTPS requests: each is a place, under its method alone."""

from unittest.mock import patch

from rotation_handlers.api_key.https import Answer, Https, Request
from rotation_handlers.errors import Cause, RotationError
from tests.rehearsal.points import Moment
from tests.rehearsal.seam import Seam


def watch_requests(seam: Seam) -> None:
    """Lead every request that this process makes from now on through *seam*."""
    send = Https.send

    def send_here(https: Https, request: Request) -> Answer:
        return seam.passes(request.method, lambda: send(https, request), _lost)

    patch.object(Https, "send", send_here).start()  # for good: the process ends with the function


def _lost(_moment: Moment, _answer: object) -> RotationError:
    return RotationError(Cause.NETWORK, "the rehearsal broke the connection")
