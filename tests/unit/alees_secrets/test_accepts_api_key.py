"""Whether a caller of the ERP has a service's key."""

import hmac
from dataclasses import dataclass

import pytest

from alees_secrets import (
    InvalidNameError,
    SecretAccessDeniedError,
    SecretDamagedError,
    SecretNotFoundError,
    SecretNotInitializedError,
    SecretsError,
    SecretsManager,
    SecretVersion,
    Settings,
    VersionStage,
)
from alees_secrets.naming import SecretName
from tests.unit.alees_secrets.cached import Cached
from tests.unit.alees_secrets.fake_source import FakeSource, version


@pytest.fixture
def cached() -> Cached:
    """A manager on an empty source."""
    return Cached()


NAME = "alees/prod/api/partners/key"
NEW = {"api_key": "new-key", "api_secret": "new-secret"}
OLD = {"api_key": "old-key", "api_secret": "old-secret"}


@dataclass
class Versions(FakeSource):
    """Says that a version is not there, as Secrets Manager does, or another error for AWSPREVIOUS."""

    previous: Exception | None = None

    def read(self, name: SecretName, stage: VersionStage) -> SecretVersion:
        if stage is VersionStage.PREVIOUS and self.previous is not None:
            raise self.previous
        if (str(name), stage) not in self.stored:
            raise SecretNotFoundError("there is none")
        return super().read(name, stage)


def _manager(previous: dict[str, str] | Exception | None = None) -> SecretsManager:
    source = Versions({(NAME, VersionStage.CURRENT): version(NEW)})
    if isinstance(previous, Exception):
        source.previous = previous
    elif previous is not None:
        source.stored[NAME, VersionStage.PREVIOUS] = version(previous, "v0")
    return SecretsManager(Settings(environment="prod", region="eu-central-1"), source=source)


@pytest.mark.parametrize("sent", [NEW, OLD])
def test_the_key_is_accepted_when_it_is_the_current_or_the_previous_one(sent: dict[str, str]) -> None:
    assert _manager(OLD).accepts_api_key("partners", **sent)


def test_the_key_is_refused_when_its_version_is_not_previous_any_more() -> None:
    assert not _manager().accepts_api_key("partners", **OLD)


@pytest.mark.parametrize(
    "sent",
    [
        {"api_key": "new-key", "api_secret": "old-secret"},
        {"api_key": "old-key", "api_secret": "new-secret"},
        {"api_key": "", "api_secret": ""},
        {"api_key": "new-key", "api_secret": "new-secre"},
        {"api_key": "new-key", "api_secret": "new-secret\udcff"},
        {"api_key": "n\u00e9w-key", "api_secret": "new-secret"},
    ],
)
def test_the_key_is_refused_when_its_halves_are_not_of_one_version(sent: dict[str, str]) -> None:
    assert not _manager(OLD).accepts_api_key("partners", **sent)


@pytest.mark.parametrize("error", [SecretNotInitializedError, SecretDamagedError])
def test_the_current_key_is_accepted_when_the_version_before_cannot_be_used(error: type[SecretsError]) -> None:
    assert _manager(error("never")).accepts_api_key("partners", **NEW)


@pytest.mark.parametrize("sent", [NEW, OLD, {"api_key": "x", "api_secret": "y"}])
def test_all_halves_are_compared_whatever_is_wrong(sent: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)

    _manager(OLD).accepts_api_key("partners", **sent)

    assert compared == [b"new-key", b"new-secret", b"old-key", b"old-secret"]


@pytest.mark.parametrize("error", [SecretDamagedError, SecretAccessDeniedError])
def test_it_is_told_when_the_current_value_cannot_be_used(cached: Cached, error: type[SecretsError]) -> None:
    cached.source.damaged[NAME, VersionStage.CURRENT] = error
    with pytest.raises(error):
        cached.manager.accepts_api_key("partners", **NEW)


def test_denial_is_told_when_the_version_before_may_not_be_read() -> None:
    with pytest.raises(SecretAccessDeniedError):
        _manager(SecretAccessDeniedError("denied")).accepts_api_key("partners", **NEW)


def test_the_name_is_refused_when_it_can_be_no_service() -> None:
    with pytest.raises(InvalidNameError):
        _manager().accepts_api_key("a/b", **NEW)


def test_new_key_is_accepted_when_it_was_rotated_just_now(cached: Cached) -> None:
    cached.source.put("api/partners/key", OLD)
    assert not cached.manager.accepts_api_key("partners", "strange", "strange")
    cached.pass_seconds(5)
    cached.source.put("api/partners/key", NEW, "v2")
    assert cached.manager.accepts_api_key("partners", **NEW)
    assert cached.manager.accepts_api_key("partners", **OLD)


@pytest.mark.parametrize("idle_seconds", [61, 3600])
def test_a_revoked_key_is_refused_when_nobody_asked_for_a_minute(cached: Cached, idle_seconds: float) -> None:
    cached.source.put("api/partners/key", OLD)
    assert cached.manager.accepts_api_key("partners", **OLD)
    cached.source.put("api/partners/key", NEW, "v2")
    cached.source.stored.pop(("alees/prod/api/partners/key", VersionStage.PREVIOUS), None)
    cached.pass_seconds(idle_seconds)
    assert not cached.manager.accepts_api_key("partners", **OLD)


def test_a_thousand_failures_are_kept_and_nothing_else_when_names_are_made_up(cached: Cached) -> None:
    for number in range(1001):
        with pytest.raises(SecretNotFoundError):
            cached.manager.accepts_api_key(f"service{number}", **NEW)
    cache = cached.manager._cache
    assert len(cache._memory._failures) == 1000
    assert (cache._forced, cache._flights._flying) == ({}, {})
    assert not any(cache.kept.values())


def test_the_latest_names_are_remembered_when_more_were_made_up(cached: Cached) -> None:
    for number in [*range(1001), 1000, 1, 0]:
        with pytest.raises(SecretNotFoundError):
            cached.manager.accepts_api_key(f"service{number}", **NEW)
    assert [paths for paths, _ in cached.source.calls[1000:]] == [("api/service1000/key",), ("api/service0/key",)]


def test_what_was_confirmed_late_is_remembered_when_names_are_made_up_before_and_after(cached: Cached) -> None:
    cached.source.put("api/partners/key", NEW)
    for number in range(1001):
        if number in {0, 900}:  # there is no AWSPREVIOUS; the second time is a refresh
            cached.manager.refresh("api/partners/key")
            assert cached.manager.accepts_api_key("partners", **NEW)
            cached.pass_seconds(5)
        with pytest.raises(SecretNotFoundError):
            cached.manager.accepts_api_key(f"service{number}", **NEW)
    asked = len(cached.source.calls)
    assert cached.manager.accepts_api_key("partners", **NEW)
    assert len(cached.source.calls) == asked


def test_one_refresh_is_made_when_strangers_ask_over_and_over(cached: Cached) -> None:
    cached.source.put("api/partners/key", NEW)
    for _ in range(100):
        assert not cached.manager.accepts_api_key("partners", "strange", "strange")
    assert len(cached.source.calls) <= 5
