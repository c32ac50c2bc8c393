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


def test_what_did_not_happen_is_known_when_the_clock_was_moved_by_a_day_at_most() -> None:
    clock = Clock()
    clock.advance(86_400)
    assert clock.known_since == 0

    clock.advance(86_401)
    assert clock.known_since == pytest.approx(clock.now(), abs=5)
    assert clock.ahead == 2 * 86_400 + 1
