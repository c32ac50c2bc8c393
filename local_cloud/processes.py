"""Processes that outlive the command that started them, and how to end exactly those.

A process id alone is no identity: it is given to another process after the first has ended. An id together with
the time when the process started is one.
"""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local_cloud.errors import LocalCloudError

_POLL_SECONDS = 0.02
_KILL_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessIdentity:
    """One process, as its id and start time name it.

    Attributes:
        pid: Process id.
        started: When it started, as the system prints it; compared, never parsed.
    """

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Return the identity of the process that has this id now; None if none has, or it has ended."""
        started = _started(pid)
        return None if started is None else cls(pid=pid, started=started)

    def is_running(self) -> bool:
        """Tell whether this very process still runs."""
        return _started(self.pid) == self.started

    def end(self, first: signal.Signals, grace_seconds: float) -> None:
        """End the process if it still runs; return when it is gone.

        Args:
            first: What asks it to end. SIGKILL follows when *grace_seconds* have passed.
            grace_seconds: How long it may take to end by itself.

        Raises:
            LocalCloudError: It still runs after all.
        """
        for sent, seconds in ((first, grace_seconds), (signal.SIGKILL, _KILL_SECONDS)):
            if self._ends_by(sent, seconds):
                return
        raise LocalCloudError(
            f"process {self.pid} of the local cloud does not end, or belongs to another user; end it by hand: "
            f"kill -9 {self.pid}"
        )

    def _ends_by(self, sent: signal.Signals, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        if self.is_running():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, sent)
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        _reap(self.pid)
        return True


def _reap(pid: int) -> None:
    """Collect the process if it is a child of this one: until then it would stay a zombie."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _started(pid: int) -> str | None:
    stat = Path("/proc") / str(pid) / "stat"
    if not Path("/proc/self/stat").exists():
        return _started_by_ps(pid)
    try:
        # The second field is the command in parentheses, which may itself hold spaces and parentheses.
        fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, start_ticks = fields[0], fields[19]
    return None if state in "ZX" else start_ticks


def _started_by_ps(pid: int) -> str | None:
    """Ask ps, where there is no /proc, as on macOS."""
    found = subprocess.run(  # noqa: S603 - a number is all that varies
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False, timeout=10
    )
    state, _, started = found.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()
