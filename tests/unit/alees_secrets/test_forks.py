"""Each program forks children while a refresh is under way in the parent; the output says how each child did."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[3]

COMMON = """
import faulthandler, os, threading
from tests.unit.alees_secrets.cached import EMAIL, OTHER_EMAIL, Cached, settle
from alees_secrets import VersionStage
PATH = "email/credentials"
cached = Cached()
cached.source.put(PATH, EMAIL)
begun, go_on = threading.Event(), threading.Event()
def hang():
    begun.set()
    go_on.wait()

def child():
    faulthandler.dump_traceback_later(20, exit=True)
    cached.source.before = lambda: None
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    cached.manager.get_secret(PATH)
    assert cached.manager.refresh(PATH), "refresh"
    assert cached.manager.get_secret(PATH) == OTHER_EMAIL, "value"
    cached.pass_seconds(50)
    cached.manager.get_secret(PATH)
    settle()
    assert cached.manager.age(PATH) == 0, "background"

def fork():
    process = os.fork()
    if process == 0:
        code = 1
        try:
            child()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
"""

DURING_THE_FIRST_READ = """
cached.source.before = hang
reading = threading.Thread(target=cached.manager.get_secret, args=[PATH], daemon=True)
reading.start()
begun.wait()
print([fork() for _ in range(20)])
go_on.set()
"""

DURING_A_REFRESH = """
cached.manager.get_secret(PATH)
cached.source.before = hang
cached.pass_seconds(50)
cached.manager.get_secret(PATH)
begun.wait()
print([fork() for _ in range(20)])
go_on.set()
settle()
assert cached.manager.get_secret(PATH) == EMAIL
"""

WHILE_THE_LOCK_IS_HELD = """
cached.manager.get_secret(PATH)
with cached.manager._cache._flights.lock:
    print([fork() for _ in range(20)])
"""

IDLE = """
cached.manager.get_secret(PATH)
cached.source.before = hang
cached.pass_seconds(50)
cached.manager.get_secret(PATH)
begun.wait()
print("over")
"""


@pytest.mark.parametrize(
    "program", [DURING_THE_FIRST_READ, DURING_A_REFRESH, WHILE_THE_LOCK_IS_HELD], ids=["first", "refresh", "lock"]
)
def test_every_child_works_when_forked_meanwhile(program: str) -> None:
    assert _run(program) == f"{[0] * 20}\n"


def test_process_ends_when_a_refresh_never_does() -> None:
    assert _run(IDLE) == "over\n"


def _run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", COMMON + program], cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
