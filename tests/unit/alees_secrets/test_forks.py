"""What a forked child does, mostly in programs of their own, whose output says how each child did."""

import contextlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from alees_secrets import SecretNotFoundError, VersionStage, cache
from tests.unit.alees_secrets.cached import Cached

CHECKOUT = Path(__file__).parents[3]
PATH = "email/credentials"

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

DUE = """
cached.manager.get_secret(PATH)
def child():
    print(cached.manager._cache.kept[VersionStage.CURRENT][PATH].due - cached.clock.now, flush=True)
child()
assert [fork() for _ in range(20)] == [0] * 20
child()
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


def test_children_refresh_at_moments_of_their_own_when_they_inherited_a_value() -> None:
    parent, *children, parent_still = map(float, _run(DUE).split())
    assert parent_still == parent
    assert len(set(children)) == 20
    assert 0.75 * parent <= min(children) < max(children) <= parent


def test_due_moments_alone_come_forward_when_forked(cached: Cached) -> None:
    previous, missing = (PATH, VersionStage.PREVIOUS), ("jwt/credentials", VersionStage.CURRENT)
    for path, stage in ((PATH, VersionStage.CURRENT), previous, missing):
        with contextlib.suppress(SecretNotFoundError):
            cached.manager.get_secret(path, stage=stage)
    memory = cached.manager._cache._memory
    kept, failures = memory.kept[VersionStage.CURRENT][PATH], memory._failures.copy()
    cache._begin_anew()
    inherited, gone = memory.kept[VersionStage.CURRENT][PATH], memory._failures[previous]
    assert inherited.due < kept.due
    assert replace(inherited, due=kept.due) == kept
    assert gone.due < failures[previous].due
    assert gone._replace(due=failures[previous].due) == failures[previous]
    assert memory._failures[missing] == failures[missing]


def test_nothing_is_put_off_when_forked_after_it_was_due(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.pass_seconds(50)
    before = cached.manager._cache.kept[VersionStage.CURRENT][PATH]
    cache._begin_anew()
    assert cached.manager._cache.kept[VersionStage.CURRENT][PATH] == before


def test_process_ends_when_a_refresh_never_does() -> None:
    assert _run(IDLE) == "over\n"


def _run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", COMMON + program], cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
