import threading
import time

import pytest

from local_cloud.launcher.clock import Clock


def test_time_is_ahead_when_the_clock_was_advanced() -> None:
    clock = Clock()
    clock.advance(1000)
    assert clock.now() > time.time() + 999


def test_clock_refuses_when_it_is_to_go_back() -> None:
    with pytest.raises(ValueError, match="never goes back"):
        Clock().advance(-1)


def test_who_waits_is_woken_when_the_clock_is_advanced() -> None:
    clock = Clock()
    waiting = threading.Thread(target=clock.wait, args=[60.0])
    waiting.start()
    while waiting.is_alive():
        clock.advance(1)
        waiting.join(0.01)
    assert not waiting.is_alive()
