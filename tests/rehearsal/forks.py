"""Processes that start within milliseconds: copies of one small process that has imported everything.

Not copies of the process that the tests run in: a fork takes no threads along, and those of a test run may hold locks.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).parents[2]

Job = Callable[[Connection], None]
"""What a process does with its end of the pipe: importable by name, since it is pickled."""


class Forks:
    """Starts processes; they end with their pipes.

    Args:
        control: Socket to the process that is copied.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def start(self, job: Job) -> Connection:
        """Start a process that does *job*; return this end of its pipe, which breaks when the process ends."""
        near, far = Pipe()
        with far:
            socket.send_fds(self._control, [b"f"], [far.fileno()])
        near.send(job)
        return near


@contextmanager
def forks() -> Iterator[Forks]:
    """Start the process that is copied, and end it with the context."""
    near, far = socket.socketpair()
    with near:
        with far:
            command = [sys.executable, "-m", "tests.rehearsal.forks", str(far.fileno())]
            # What functions log is their own tests' subject.
            server = subprocess.Popen(command, pass_fds=[far.fileno()], cwd=_PROJECT, stdout=subprocess.DEVNULL)
        try:
            yield Forks(near)
        finally:
            near.shutdown(socket.SHUT_RDWR)
            server.wait()


def _serve(control: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            _work(control, Connection(descriptors[0]))
        os.close(descriptors[0])


def _work(control: socket.socket, pipe: Connection) -> None:
    try:
        control.close()
        job: Any = pipe.recv()
        job(pipe)
    except EOFError:
        pass  # the rehearsal needs this function no more
    except BaseException:  # noqa: BLE001 - a copy must not go on as the server
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


if __name__ == "__main__":
    import tests.rehearsal.kinds  # noqa: F401 - so that no copy has to import it

    _serve(socket.socket(fileno=int(sys.argv[1])))
