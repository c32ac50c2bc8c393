import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from alees_secrets import CachePolicy, ConfigurationError, SecretsManager, Settings
from alees_secrets.shared import using
from tests.unit.alees_secrets.cached import SETTINGS, Cached
from tests.unit.alees_secrets.fake_source import FakeSource


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of prod."""
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_SECRETS_PREFIX", "alees/prod/")
    monkeypatch.delenv("ALEES_ENVIRONMENT", raising=False)


@pytest.mark.usefixtures("environment")
def test_one_manager_is_shared_when_settings_are_the_same() -> None:
    assert SecretsManager() is SecretsManager()
    assert SecretsManager(SETTINGS) is SecretsManager()
    assert SecretsManager(Settings(environment="prod", region="eu-central-1"), source=None) is SecretsManager()
    assert SecretsManager(policy=CachePolicy()) is SecretsManager()


@pytest.mark.usefixtures("environment")
def test_managers_differ_when_settings_policy_or_source_do() -> None:
    others = [
        SecretsManager(Settings(environment="dev", region="eu-central-1")),
        SecretsManager(policy=CachePolicy(ttl_seconds=30)),
        SecretsManager(SETTINGS, source=FakeSource()),
        SecretsManager(SETTINGS, source=FakeSource()),
    ]
    assert len({id(each) for each in [SecretsManager(), *others]}) == 5


@pytest.mark.usefixtures("environment")
def test_environment_is_read_once_when_it_changes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = CachePolicy(ttl_seconds=30)
    first, other = SecretsManager(), SecretsManager(policy=quick)
    monkeypatch.setenv("AWS_SECRETS_PREFIX", "alees/dev/")
    assert (SecretsManager(), SecretsManager(policy=quick)) == (first, other)
    with using(None):
        assert SecretsManager() is not first


def test_environment_is_read_again_when_it_was_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRETS_PREFIX", "ALEES_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError):
        SecretsManager()
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("ALEES_ENVIRONMENT", "dev")
    assert SecretsManager() is SecretsManager()


@pytest.mark.usefixtures("environment")
def test_one_manager_is_shared_when_threads_make_it_together() -> None:
    barrier = threading.Barrier(20)

    def make(_: int) -> int:
        barrier.wait()
        return id(SecretsManager())

    with ThreadPoolExecutor(20) as threads:
        assert len(set(threads.map(make, range(20)))) == 1


@pytest.mark.usefixtures("environment")
def test_another_is_returned_when_one_is_in_use_for_a_test() -> None:
    before, mine = SecretsManager(), Cached().manager
    with using(mine):
        assert SecretsManager() is mine
    assert SecretsManager() is before


def test_vars_are_refused_and_no_value_is_in_its_repr_when_displayed() -> None:
    cached = Cached()
    cached.source.put("email/credentials", {"host": "h", "port": 1, "username": "u", "password": "canary-value"})
    cached.manager.get_secret("email/credentials")
    with pytest.raises(TypeError):
        vars(cached.manager)
    shown = f"{cached.manager!r} {cached.manager._cache.kept!r} {vars(cached.manager._cache)!r}"
    assert "canary-value" not in shown
