import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from alees_secrets import (
    CachePolicy,
    ConfigurationError,
    SecretAccessDeniedError,
    SecretDamagedError,
    SecretNotFoundError,
    SecretNotInitializedError,
    SecretsError,
    SecretUnavailableError,
    VersionStage,
)
from alees_secrets.aws_client import ATTEMPTS, CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS
from tests.unit.alees_secrets.cached import EMAIL, OTHER_EMAIL, Cached, hold, settle
from tests.unit.alees_secrets.fake_source import version

PATH = "email/credentials"
CURRENT, PREVIOUS, PENDING = VersionStage.CURRENT, VersionStage.PREVIOUS, VersionStage.PENDING


def test_one_request_is_made_when_read_over_and_over(cached: Cached) -> None:
    first = cached.manager.get_secret(PATH)
    cached.pass_seconds(35)
    assert cached.manager.get_secret(PATH) is first
    assert cached.source.calls == [((PATH,), CURRENT)]


def test_stages_are_kept_apart_when_both_are_read(cached: Cached) -> None:
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    assert cached.manager.get_secret(PATH, stage=PREVIOUS)["password"] == "first"
    assert cached.manager.get_secret(PATH)["password"] == "second"
    assert cached.manager.get_secret(PATH, stage=PREVIOUS)["password"] == "first"


def test_pending_is_asked_for_each_time_when_read(cached: Cached) -> None:
    cached.source.stored["alees/prod/email/credentials", PENDING] = cached.source.put(PATH, EMAIL)
    cached.manager.get_secret(PATH, stage=PENDING)
    cached.manager.get_secret(PATH, stage=PENDING)
    assert cached.source.calls == [((PATH,), PENDING)] * 2
    assert cached.manager.age(PATH, stage=PENDING) is None


@pytest.mark.parametrize("stage", ["AWSPENDING", "AWSCURRENT", "AWSPREVIOUS"])
def test_a_stage_is_the_same_when_its_name_is_given_as_text(cached: Cached, stage: str) -> None:
    for label in VersionStage:
        cached.source.stored["alees/prod/email/credentials", label] = version({**EMAIL, "password": label}, label)
    for _ in range(2):
        assert cached.manager.get_secret(PATH, stage=cast("VersionStage", stage))["password"] == stage
    assert len(cached.source.calls) == (2 if stage == PENDING else 1)
    cached.pass_seconds(61)
    cached.source.failing = SecretUnavailableError
    assert (cached.manager.age(PATH, stage=cast("VersionStage", stage)) is None) == (stage == PENDING)
    assert cached.manager._cache.kept[PENDING] == {}


def test_allowed_stages_are_named_when_one_is_none(cached: Cached) -> None:
    with pytest.raises(ConfigurationError, match="stage is 'CURRENT'; allowed are AWSCURRENT, AWSPREVIOUS, AWSPENDING"):
        cached.manager.get_secret(PATH, stage=cast("VersionStage", "CURRENT"))


def test_age_counts_from_the_request_when_the_answer_takes_its_time(cached: Cached) -> None:
    cached.source.before = lambda: cached.pass_seconds(7)
    cached.manager.get_secret(PATH)
    assert cached.manager.age(PATH) == 7


def test_value_is_refreshed_behind_the_reader_when_due(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    cached.pass_seconds(48)
    assert cached.manager.get_secret(PATH)["password"] == "first"
    settle()
    assert cached.manager.get_secret(PATH)["password"] == "second"
    assert cached.manager.age(PATH) == 0


def test_moments_differ_between_processes_and_not_within_one_when_they_started_together(cached: Cached) -> None:
    cached.source.put("api/billing/key", {"api_key": "a", "api_secret": "b"})
    due = []
    for _ in range(20):
        manager = cached.another()
        manager.preload([PATH, "api/billing/key"])
        (moment,) = {each.due for each in manager._cache.kept[CURRENT].values()}
        due.append(moment - cached.clock.now)
    assert 36 <= min(due) < max(due) <= 48


def test_all_that_is_due_is_asked_for_together_when_one_is_read(cached: Cached) -> None:
    keys = [f"api/service{number}/key" for number in range(3)]
    for path in keys:
        cached.source.put(path, {"api_key": "a", "api_secret": "b"})
    cached.manager.preload([PATH, *keys])
    cached.pass_seconds(48)
    cached.source.calls.clear()
    cached.manager.get_secret(PATH)
    settle()
    assert [(sorted(paths), stage) for paths, stage in cached.source.calls] == [(sorted([PATH, *keys]), CURRENT)]


def test_names_are_asked_for_together_when_preloaded(cached: Cached) -> None:
    cached.source.put("api/billing/key", {"api_key": "a", "api_secret": "b"})
    cached.manager.preload([PATH, "api/billing/key", PATH])
    cached.manager.get_secret("api/billing/key")
    assert cached.source.calls == [((PATH, "api/billing/key"), CURRENT)]


def test_nothing_is_asked_for_when_preloaded_again(cached: Cached) -> None:
    cached.manager.preload([PATH])
    cached.manager.preload([PATH])
    assert len(cached.source.calls) == 1


def test_absence_is_told_and_the_others_are_kept_when_preloaded(cached: Cached) -> None:
    with pytest.raises(SecretNotFoundError, match="jwt/credentials"):
        cached.manager.preload(["jwt/credentials", PATH])
    cached.manager.get_secret(PATH)
    assert len(cached.source.calls) == 1


@pytest.mark.parametrize(
    "error", [SecretNotFoundError, SecretAccessDeniedError, SecretNotInitializedError, SecretDamagedError]
)
def test_failure_is_remembered_briefly_when_nothing_is_kept(cached: Cached, error: type[SecretsError]) -> None:
    cached.source.failing = error
    raised = []
    for _ in range(1000):
        with pytest.raises(error) as caught:
            cached.manager.get_secret(PATH)
        raised.append(caught.value)
    assert len(cached.source.calls) == 1
    assert len(set(map(id, raised))) == 1000
    remembered = cached.manager._cache._memory._failures[PATH, CURRENT].error
    assert remembered.__traceback__ is None  # else it would keep the first reader's frames, and what they hold
    cached.source.failing = None
    cached.pass_seconds(10)
    assert cached.manager.get_secret(PATH) == EMAIL


def test_nothing_is_kept_or_asked_of_names_that_are_missing_when_nobody_asks_any_more(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    for number in range(1000):
        with pytest.raises(SecretNotFoundError):
            cached.manager.get_secret(f"api/service{number}/key")
        cached.pass_seconds(0.02)
    cached.pass_seconds(48)
    cached.source.calls.clear()
    cached.manager.get_secret(PATH)
    settle()
    assert cached.source.calls == [((PATH,), CURRENT)]
    with pytest.raises(SecretNotFoundError):
        cached.manager.get_secret("api/another/key")
    assert len(cached.manager._cache._memory._failures) == 1


def test_nobody_waits_for_aws_when_it_is_away_and_nothing_is_kept(cached: Cached) -> None:
    cached.source.failing = SecretUnavailableError
    with pytest.raises(SecretUnavailableError):
        cached.manager.get_secret(PATH)
    cached.pass_seconds(11)
    cached.source.failing = None
    with pytest.raises(SecretUnavailableError):
        cached.manager.get_secret(PATH)
    settle()
    assert cached.manager.get_secret(PATH) == EMAIL


def test_a_value_is_not_due_while_the_request_for_it_hangs_for_as_long_as_one_can(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    begun, go_on = hold(cached)
    cached.pass_seconds(60)
    cached.manager.get_secret(PATH)
    assert begun.wait(10)
    cached.pass_seconds(ATTEMPTS * (CONNECT_TIMEOUT_SECONDS + READ_TIMEOUT_SECONDS) + 3)
    assert cached.clock.now < cached.manager._cache.kept[VersionStage.CURRENT][PATH].due
    cached.pass_seconds(3600)
    assert cached.manager.get_secret(PATH) == EMAIL  # due again, and served while the one refresh is not over
    assert len(cached.source.calls) == 2
    go_on.set()
    settle()


def test_absence_is_told_when_another_thread_was_asking_already(cached: Cached) -> None:
    cached.source.stored.clear()
    begun, go_on = hold(cached)
    with ThreadPoolExecutor(2) as threads:
        reading = threads.submit(cached.manager.get_secret, PATH)
        assert begun.wait(10)
        preloading = threads.submit(cached.manager.preload, [PATH])
        go_on.set()
        for each in (reading, preloading):
            with pytest.raises(SecretNotFoundError):
                each.result()


@pytest.mark.parametrize("error", [SecretUnavailableError, SecretAccessDeniedError, SecretNotFoundError])
def test_last_value_is_served_for_a_day_and_no_longer_when_refreshing_fails(
    cached: Cached, error: type[SecretsError], caplog: pytest.LogCaptureFixture
) -> None:
    cached.manager.get_secret(PATH)
    cached.source.failing = error
    cached.pass_seconds(86_399)
    assert cached.manager.get_secret(PATH) == EMAIL
    settle()
    assert cached.manager.age(PATH) == 86_399
    assert "\n".join(caplog.messages) == (
        f"secret email/credentials at AWSCURRENT could not be refreshed ({error.__name__}); the value confirmed "
        "86399 s ago is served"
    )
    cached.pass_seconds(60)
    with pytest.raises(error):
        cached.manager.get_secret(PATH)
    assert cached.manager.age(PATH) is None


def test_reads_ask_nothing_when_a_refresh_has_just_failed(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(48)
    cached.manager.get_secret(PATH)
    settle()
    asked = len(cached.source.calls)
    cached.pass_seconds(14)
    for _ in range(100):
        cached.manager.get_secret(PATH)
    settle()
    assert len(cached.source.calls) == asked


def test_reads_are_hits_when_a_refresh_takes_its_time(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    asked, answered = hold(cached)
    cached.pass_seconds(48)
    cached.manager.get_secret(PATH)
    assert asked.wait(10)
    assert cached.clock.now < cached.manager._cache.kept[CURRENT][PATH].due
    answered.set()
    settle()
    assert len(cached.source.calls) == 2


def test_one_refresh_runs_at_a_time_when_it_takes_longer_than_the_next_try(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    begun, go_on = hold(cached)
    cached.pass_seconds(48)
    cached.manager.get_secret(PATH)
    assert begun.wait(10)
    cached.pass_seconds(20)
    assert cached.manager.get_secret(PATH) == EMAIL
    go_on.set()
    settle()
    assert len(cached.source.calls) == 2


def test_hook_is_told_when_an_older_value_is_served() -> None:
    told: list[tuple[str, VersionStage, float]] = []
    cached = Cached(CachePolicy(on_stale=lambda *what: told.append(what)))
    cached.source.put(PATH, EMAIL)
    cached.manager.get_secret(PATH)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(50)
    cached.manager.get_secret(PATH)
    settle()
    assert told == [(PATH, CURRENT, 50)]


def test_refresh_ends_when_the_hook_asks_for_the_secret_itself() -> None:
    cached, told = (
        Cached(CachePolicy(on_stale=lambda path, *_: told.append(cached.manager.refresh(path)))),
        list[bool](),
    )
    cached.source.put(PATH, EMAIL)
    cached.manager.get_secret(PATH)
    cached.source.failing = SecretAccessDeniedError
    cached.pass_seconds(50)
    cached.manager.get_secret(PATH)
    for thread in threading.enumerate():
        if thread.name == "alees-secrets-refresh":
            thread.join(10)
            assert not thread.is_alive()
    assert told == [False, False]


def test_refresh_goes_on_and_nothing_is_shown_when_the_hook_fails(caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> None:
        raise ValueError("canary")

    cached = Cached(CachePolicy(on_stale=fail))
    cached.source.put(PATH, EMAIL)
    cached.manager.get_secret(PATH)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(50)
    cached.manager.get_secret(PATH)
    settle()
    assert caplog.messages[-1] == "on_stale failed (ValueError)"
    assert "canary" not in caplog.text


def test_previous_is_served_a_minute_and_no_longer_when_aws_is_away(cached: Cached) -> None:
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    cached.manager.get_secret(PATH, stage=PREVIOUS)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(59)
    assert cached.manager.get_secret(PATH, stage=PREVIOUS) == EMAIL
    settle()
    cached.pass_seconds(1)
    with pytest.raises(SecretUnavailableError):
        cached.manager.get_secret(PATH, stage=PREVIOUS)


def test_previous_is_gone_at_once_when_aws_says_so(cached: Cached) -> None:
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    cached.manager.get_secret(PATH, stage=PREVIOUS)
    cached.source.revoke(PATH)
    cached.pass_seconds(48)
    cached.manager.get_secret(PATH, stage=PREVIOUS)
    settle()
    with pytest.raises(SecretNotFoundError):
        cached.manager.get_secret(PATH, stage=PREVIOUS)


def test_absent_previous_is_confirmed_behind_the_reader_when_due(cached: Cached) -> None:
    with pytest.raises(SecretNotFoundError):
        cached.manager.get_secret(PATH, stage=PREVIOUS)
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    cached.pass_seconds(48)
    with pytest.raises(SecretNotFoundError):
        cached.manager.get_secret(PATH, stage=PREVIOUS)
    settle()
    assert cached.manager.get_secret(PATH, stage=PREVIOUS) == EMAIL


def test_one_asks_and_none_waits_when_many_threads_find_a_value_due(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    cached.source.put(PATH, OTHER_EMAIL, "v2")
    answered = threading.Event()
    cached.source.before = answered.wait
    cached.pass_seconds(48)
    with ThreadPoolExecutor(50) as threads:
        read = list(threads.map(lambda _: cached.manager.get_secret(PATH)["password"], range(50)))
    assert read == ["first"] * 50
    answered.set()
    settle()
    assert len(cached.source.calls) == 2


def test_one_asks_for_all_when_many_threads_find_nothing(cached: Cached) -> None:
    barrier = threading.Barrier(50)

    def read(_: int) -> object:
        barrier.wait()
        return cached.manager.get_secret(PATH)

    with ThreadPoolExecutor(50) as threads:
        assert list(threads.map(read, range(50))) == [EMAIL] * 50
    assert len(cached.source.calls) == 1


def test_waiting_threads_ask_themselves_when_the_asking_one_breaks_down(cached: Cached) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def break_down() -> None:
        cached.source.before = lambda: None
        begun.set()
        go_on.wait()
        raise KeyboardInterrupt

    cached.source.before = break_down
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cached.manager.get_secret, PATH)
        assert begun.wait(10)
        second = threads.submit(cached.manager.get_secret, PATH)
        go_on.set()
        with pytest.raises(KeyboardInterrupt):
            first.result()
        assert second.result() == EMAIL


def test_last_value_is_served_when_no_thread_can_be_started(cached: Cached, monkeypatch: pytest.MonkeyPatch) -> None:
    cached.manager.get_secret(PATH)
    cached.pass_seconds(48)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        assert cached.manager.get_secret(PATH) == EMAIL
    cached.manager.get_secret(PATH)
    settle()
    assert len(cached.source.calls) == 2


def test_no_thread_runs_when_nothing_is_due(cached: Cached) -> None:
    cached.manager.get_secret(PATH)
    assert [thread for thread in threading.enumerate() if thread.name == "alees-secrets-refresh"] == []


def test_names_alone_are_logged_when_everything_is(cached: Cached, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cached.manager.get_secret(PATH)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(48)
    cached.manager.get_secret(PATH)
    settle()
    assert "email/credentials" in caplog.text
    assert "first" not in caplog.text
