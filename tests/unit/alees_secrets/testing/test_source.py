import pytest

from alees_secrets import (
    InvalidSecretError,
    RotationRefusedError,
    SecretAccessDeniedError,
    SecretExistsError,
    SecretNotFoundError,
    SecretsManager,
    SecretSource,
    SecretUnavailableError,
    VersionStage,
)
from alees_secrets.kinds import check_fields, kind_of
from alees_secrets.testing import InMemorySource, secrets_in_memory

pytest_plugins = ["pytester"]

PATHS = ["database/credentials", "jwt/credentials", "email/credentials", "api/example/key"]
API_KEY = {"api_key": "new-key", "api_secret": "new-secret"}
EMAIL: dict[str, str | int] = {"host": "new-host", "port": 587, "username": "u", "password": "local"}


@pytest.mark.parametrize("path", PATHS)
def test_a_valid_value_is_there_and_another_one_when_it_was_rotated(path: str) -> None:
    with secrets_in_memory():
        manager = SecretsManager()
        before = manager.get_secret(path)
        check_fields(kind_of(path), before)
        version = manager.rotate_secret(path, wait=1)
        after = manager.get_secret(path)
        check_fields(kind_of(path), after)
        assert manager.get_secret(path, stage=VersionStage.PREVIOUS) == before != after
        assert manager.rotate_secret(path, version_id=version) == version
        assert manager.get_secret(path) == after


def test_value_is_the_tests_own_when_it_was_set() -> None:
    with secrets_in_memory() as source:
        source.set("email/credentials", EMAIL)
        assert SecretsManager().get_secret("email/credentials") == EMAIL


def test_rotation_makes_the_prepared_value_when_there_is_one() -> None:
    with secrets_in_memory() as source:
        source.rotate_to("email/credentials", EMAIL)
        source.rotate_now("email/credentials")
        assert SecretsManager().get_secret("email/credentials") == EMAIL


@pytest.mark.parametrize("call", [InMemorySource.set, InMemorySource.rotate_to], ids=["set", "rotate_to"])
def test_value_is_refused_when_it_does_not_fit_the_kind(call: object) -> None:
    assert callable(call)
    with pytest.raises(InvalidSecretError):
        call(InMemorySource(), "email/credentials", API_KEY)


def test_rotation_is_seen_when_refreshed() -> None:
    with secrets_in_memory() as source:
        manager = SecretsManager()
        before = manager.get_secret("api/example/key")
        source.rotate_now("api/example/key")
        assert manager.get_secret("api/example/key") is before
        assert manager.refresh("api/example/key")
        assert manager.get_secret("api/example/key") != before
        assert source.reads == [("api/example/key",)] * 2


def test_previous_value_is_gone_when_revoked() -> None:
    with secrets_in_memory() as source:
        source.rotate_now("api/example/key")
        source.revoke("api/example/key")
        with pytest.raises(SecretNotFoundError):
            SecretsManager().get_secret("api/example/key", stage=VersionStage.PREVIOUS)


def test_calls_fail_when_it_is_away_or_denied() -> None:
    with secrets_in_memory() as source:
        manager = SecretsManager()
        source.denied.add("email/credentials")
        with pytest.raises(SecretAccessDeniedError):
            manager.get_secret("email/credentials")
        assert manager.get_secret("api/example/key")
        source.away = True
        for call in (manager.get_secret, manager.rotate_secret):
            with pytest.raises(SecretUnavailableError):
                call("jwt/credentials")


def test_several_are_read_together_when_preloaded() -> None:
    with secrets_in_memory() as source:
        SecretsManager().preload(PATHS)
        assert source.reads == [tuple(PATHS)]


def test_secrets_are_created_and_updated_when_written() -> None:
    with secrets_in_memory() as source:
        manager = SecretsManager()
        manager.create_secret("api/new-service/key", API_KEY)
        manager.update_secret("email/credentials", EMAIL)
        manager.refresh("email/credentials")
        assert manager.get_secret("api/new-service/key") == API_KEY
        assert manager.get_secret("email/credentials") == EMAIL
        with pytest.raises(SecretExistsError):
            manager.create_secret("api/new-service/key", API_KEY)
        with pytest.raises(SecretNotFoundError):
            manager.update_secret("api/none/key", API_KEY)
        with pytest.raises(RotationRefusedError):
            source.rotate_now("api/none/key")


def test_own_source_is_used_when_it_is_passed() -> None:
    own = InMemorySource()
    with secrets_in_memory(own) as source:
        assert source is own
    checked: SecretSource = own
    assert checked is own


def test_fixture_gives_secrets_when_the_plugin_is_named(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = "alees_secrets.testing.pytest_plugin"')
    pytester.makepyfile(
        """
        from alees_secrets import SecretsManager

        def test_rotated(secrets_in_memory):
            before = SecretsManager().get_secret("email/credentials")
            secrets_in_memory.rotate_now("email/credentials")
            SecretsManager().refresh("email/credentials")
            assert SecretsManager().get_secret("email/credentials") != before
        """
    )
    pytester.runpytest_inprocess("-p", "no:randomly").assert_outcomes(passed=1)
