"""Values that are asked for by force, because what a secret opens refused them, and values that are written."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from alees_secrets import SecretFields, SecretNotFoundError, SecretUnavailableError, VersionStage
from tests.unit.alees_secrets.cached import EMAIL, OTHER_EMAIL, Cached, hold, settle

PATH = "email/credentials"


def test_value_is_new_when_refreshed_by_force(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    assert cached.manager.refresh(PATH) is True
    assert cached.manager.get_secret(PATH) == OTHER_EMAIL


def test_nothing_is_asked_when_refreshed_again_too_soon(cached: Cached) -> None:
    assert cached.manager.refresh(PATH) is True
    cached.pass_seconds(4.9)
    assert cached.manager.refresh(PATH) is False
    assert len(cached.source.calls) == 1
    cached.pass_seconds(0.1)
    assert cached.manager.refresh(PATH) is True


def test_it_is_asked_again_at_once_when_the_last_time_brought_another_version(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    for number in (2, 3):
        cached.source.put(PATH, OTHER_EMAIL, f"v{number}")
        cached.manager.refresh(PATH)
    cached.manager.refresh(PATH)
    assert len(cached.source.calls) == 4
    cached.manager.refresh(PATH)  # the one before brought nothing
    assert len(cached.source.calls) == 4


def test_a_late_refusal_of_a_former_value_does_not_use_up_the_refresh_that_the_next_one_needs(cached: Cached) -> None:
    first = cached.manager.get_secret(PATH)
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    assert cached.manager.refresh(PATH, refused=first) is True
    second = cached.manager.get_secret(PATH)
    assert cached.manager.refresh(PATH, refused=first) is True  # another thread's, which was refused before
    assert len(cached.source.calls) == 2
    cached.source.put(PATH, EMAIL, "v3")
    assert cached.manager.refresh(PATH, refused=second) is True
    assert cached.manager.get_secret(PATH) == EMAIL


def test_aws_is_asked_when_nothing_is_kept_of_what_was_refused(cached: Cached) -> None:
    assert cached.manager.refresh(PATH, refused=SecretFields(OTHER_EMAIL)) is True
    assert cached.manager.get_secret(PATH) == EMAIL


def test_nothing_is_kept_of_refreshes_when_they_hold_up_nothing_any_more(cached: Cached) -> None:
    for number in range(100):
        cached.manager.refresh(f"api/service{number}/key")
        cached.pass_seconds(1)
    assert len(cached.manager._cache._forced) == 5


def test_failure_is_forgotten_when_refreshed_by_force(cached: Cached) -> None:
    cached.source.failing = SecretNotFoundError
    with pytest.raises(SecretNotFoundError):
        cached.manager.get_secret(PATH)
    assert cached.manager.refresh(PATH) is False
    cached.source.failing = None
    cached.pass_seconds(5)
    assert cached.manager.refresh(PATH) is True
    assert cached.manager.get_secret(PATH) == EMAIL


def test_nobody_waits_for_a_forced_refresh_when_aws_was_away_just_before(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(1)
    assert cached.manager.refresh(PATH) is False
    asked = len(cached.source.calls)
    cached.pass_seconds(9)
    assert cached.manager.refresh(PATH) is False
    assert len(cached.source.calls) == asked
    cached.source.failing = None
    cached.pass_seconds(1)
    assert cached.manager.refresh(PATH) is True


def _go_on_when_awaited(cached: Cached, go_on: threading.Event) -> None:
    """Let the request that is held go on as soon as another thread waits for it."""

    class Awaited(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            go_on.set()
            return super().wait(timeout)

    flight = cached.manager._cache._flights.find((PATH, VersionStage.CURRENT))
    assert flight is not None
    flight._done = Awaited()


def test_other_threads_refresh_is_awaited_when_it_is_under_way(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    begun, go_on = hold(cached)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(cached.manager.refresh, PATH)
        assert begun.wait(10)
        _go_on_when_awaited(cached, go_on)
        assert cached.manager.refresh(PATH) is True
        go_on.set()
        assert first.result() is True
    assert len(cached.source.calls) == 2


def test_other_threads_refresh_counts_when_it_began_before(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.pass_seconds(1)
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    begun, go_on = hold(cached)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(cached.manager.refresh, PATH)
        assert begun.wait(10)
        cached.pass_seconds(1)
        _go_on_when_awaited(cached, go_on)
        assert cached.manager.refresh(PATH) is True
        go_on.set()
        assert first.result() is True


def test_request_begins_after_the_refusal_when_a_refresh_is_under_way(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    begun, go_on = hold(cached)
    cached.pass_seconds(48)
    cached.manager.get_secret(PATH)
    assert begun.wait(10)
    with ThreadPoolExecutor(1) as threads:
        forced = threads.submit(cached.manager.refresh, PATH)
        go_on.set()
        assert forced.result() is True
    assert len(cached.source.calls) == 3


def test_written_value_is_read_when_updated(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.manager.update_secret(PATH, OTHER_EMAIL)
    assert cached.manager.get_secret(PATH) == OTHER_EMAIL


def test_written_value_stays_when_an_older_answer_comes_later(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    begun, go_on = hold(cached)
    cached.pass_seconds(48)
    cached.manager.get_secret(PATH)
    assert begun.wait(10)
    cached.manager.update_secret(PATH, OTHER_EMAIL)
    go_on.set()
    settle()
    assert cached.manager.get_secret(PATH) == OTHER_EMAIL


def test_second_written_value_stays_when_older_answers_to_two_requests_come_later(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    with ThreadPoolExecutor(2) as threads:
        requests = []
        for password in ("second", "third"):
            begun, go_on = hold(cached)
            requests.append((go_on, threads.submit(cached.manager.refresh, PATH)))
            assert begun.wait(10)
            if requests[1:]:
                requests[0][0].set()
                requests[0][1].result()
            cached.manager.update_secret(PATH, {**EMAIL, "password": password})
        requests[1][0].set()
    assert cached.manager.get_secret(PATH)["password"] == "third"
