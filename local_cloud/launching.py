"""Start the process of the local AWS."""

import errno
import socket
import subprocess
import sys
import time
from pathlib import Path

from local_cloud.aws import answers
from local_cloud.errors import LocalCloudError
from local_cloud.launcher.environment import launcher_environment
from local_cloud.layout import StateFolder

_PROJECT = Path(__file__).parent.parent
_START_SECONDS = 60.0
_POLL_SECONDS = 0.05


def bind(port: int | None) -> socket.socket:
    """Take a port of 127.0.0.1 for the local AWS; None takes a free one.

    Raises:
        LocalCloudError: The port is taken or needs more rights.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port or 0))
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
    else:
        return listener
    raise LocalCloudError(
        f"port {port} of 127.0.0.1 {'is taken; end what listens there or' if taken else 'needs more rights;'} "
        "choose another with --port"
    )


def launch(
    listener: socket.socket, mail: socket.socket, state: StateFolder, *, region: str, account: str
) -> "subprocess.Popen[bytes]":
    """Start the process that serves AWS on *listener* and mail on *mail*; it goes on when this one ends."""
    port: int = listener.getsockname()[1]
    state.temporary.mkdir()
    with state.launcher_log.open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - this project's own module
            [sys.executable, "-m", "local_cloud.launcher", str(listener.fileno()), str(mail.fileno()), str(state.mail)],
            cwd=_PROJECT,
            env=launcher_environment(port=port, region=region, account=account, temporary=state.temporary.resolve()),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno(), mail.fileno()],
            start_new_session=True,
        )


def wait_until_up(process: "subprocess.Popen[bytes]", endpoint_url: str, log: Path) -> None:
    """Return when the local AWS answers.

    Raises:
        LocalCloudError: It ended, or does not answer within a minute.
    """
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if answers(endpoint_url):
            return
        if process.poll() is not None:
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["no output"]
            raise LocalCloudError(f"the local AWS ended at its start: {lines[-1]} (see {log})")
        time.sleep(_POLL_SECONDS)
    raise LocalCloudError(f"the local AWS does not answer after {_START_SECONDS:.0f} s; see {log}")
