import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from local_cloud.processes import ProcessIdentity

SLEEPS = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
)


@pytest.fixture
def child() -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen([sys.executable, "-c", SLEEPS], text=True) as process:
        yield process
        process.kill()


def _identity(process: "subprocess.Popen[str]") -> ProcessIdentity:
    identity = ProcessIdentity.of(process.pid)
    assert identity is not None
    return identity


def test_process_is_known_when_it_runs(child: "subprocess.Popen[str]") -> None:
    assert _identity(child).is_running()


def test_process_is_gone_when_it_was_ended(child: "subprocess.Popen[str]") -> None:
    identity = _identity(child)
    identity.end(signal.SIGTERM, 10)
    assert not identity.is_running()


def test_other_process_is_spared_when_it_has_the_same_id(child: "subprocess.Popen[str]") -> None:
    earlier = replace(_identity(child), started="0")
    earlier.end(signal.SIGKILL, 10)
    assert child.poll() is None


def test_process_is_killed_when_it_ignores_the_request() -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        identity = _identity(process)
        identity.end(signal.SIGTERM, 0.1)
        assert not identity.is_running()


def test_nothing_has_an_identity_when_no_process_has_the_id() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], text=True) as process:
        process.wait()
    assert ProcessIdentity.of(process.pid) is None
