"""Two processes are two managers on one source and one clock; there is no other link between processes."""

import threading
from collections.abc import Iterator

import jwt
import pytest

from alees_secrets import (
    CachePolicy,
    JwtKey,
    SecretAccessDeniedError,
    SecretDamagedError,
    SecretNotFoundError,
    SecretNotInitializedError,
    SecretsError,
    SecretsManager,
    SecretUnavailableError,
    UnknownKeyError,
    VersionStage,
)
from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.jwt.keys import new_key, to_text
from tests.unit.alees_secrets.cached import Cached, settle

PATH = "jwt/credentials"


def fields(letter: str) -> dict[str, str | int]:
    """Return an HMAC key."""
    return {"secret_key": letter * 64, "algorithm": "HS256"}


@pytest.fixture
def cached() -> Iterator[Cached]:
    """A manager whose source has a JWT secret that was rotated a day ago, at wall-clock second 1,000,000."""
    made = Cached()
    made.source.put(PATH, fields("a"), "v0", 0)
    made.source.put(PATH, fields("b"), "v1", 1_000_000 - 86_400)
    yield made
    settle()


def _rotate(cached: Cached, version: str = "v2") -> None:
    cached.source.put(PATH, fields(version[-1]), version, cached.clock.wall())


def _sign(manager: SecretsManager) -> str:
    key = manager.signing_key()
    return jwt.encode({"sub": "somebody"}, key.signing_key(), algorithm=key.algorithm, headers={"kid": key.kid})


def _accepts(manager: SecretsManager, token: str) -> bool:
    try:
        key: JwtKey = manager.verification_key(jwt.get_unverified_header(token)["kid"])
        jwt.decode(token, key.verification_key(), algorithms=[key.algorithm])
    except (UnknownKeyError, SecretUnavailableError):
        return False
    return True


def _kids(manager: SecretsManager) -> list[str]:
    return [key.kid for key in manager.verification_keys()]


def test_current_key_comes_first_when_listed(cached: Cached) -> None:
    assert _kids(cached.manager) == ["v1", "v0"]
    assert cached.manager.signing_key().kid == "v1"
    assert cached.manager.verification_key("v0").kid == "v0"


def test_keys_are_the_same_objects_when_nothing_changed(cached: Cached) -> None:
    assert cached.manager.verification_keys() is cached.manager.verification_keys()


def test_two_requests_suffice_when_keys_are_asked_for_over_and_over(cached: Cached) -> None:
    for _ in range(100):
        cached.manager.signing_key()
        cached.manager.verification_keys()
    assert len(cached.source.calls) == 2


def test_new_key_verifies_at_once_and_signs_later_when_rotated(cached: Cached) -> None:
    cached.manager.signing_key()
    _rotate(cached)
    cached.manager.refresh(PATH)
    assert _kids(cached.manager) == ["v2", "v1"]
    assert cached.manager.signing_key().kid == "v1"
    for _ in range(15):
        cached.pass_seconds(39.9)
        assert cached.manager.signing_key().kid == "v1"
        settle()
    cached.pass_seconds(1.5)
    assert cached.manager.signing_key().kid == "v2"


def test_new_key_waits_its_time_to_live_when_its_rotation_took_long(cached: Cached) -> None:
    cached.manager.signing_key()
    cached.source.put(PATH, fields("c"), "v2", 0)
    cached.manager.refresh(PATH)
    assert cached.manager.signing_key().kid == "v1"
    cached.pass_seconds(59)
    assert cached.manager.signing_key().kid == "v1"
    settle()
    cached.pass_seconds(1)
    assert cached.manager.signing_key().kid == "v2"


def test_process_that_starts_after_a_rotation_signs_with_the_old_key_until_all_know_the_new(cached: Cached) -> None:
    _rotate(cached)
    started = cached.another()
    assert started.signing_key().kid == "v1"
    cached.pass_seconds(601)
    assert cached.another().signing_key().kid == "v2"


def test_new_key_signs_at_once_when_the_one_before_is_revoked(cached: Cached) -> None:
    cached.manager.signing_key()
    _rotate(cached)
    cached.source.revoke(PATH)
    cached.manager.refresh(PATH)
    assert cached.manager.signing_key().kid == "v2"


@pytest.mark.parametrize("error", [SecretNotFoundError, SecretNotInitializedError, SecretDamagedError])
def test_current_key_signs_and_verifies_alone_when_the_one_before_cannot_be_used(
    cached: Cached, error: type[SecretsError]
) -> None:
    _rotate(cached)
    cached.source.damaged[f"alees/prod/{PATH}", VersionStage.PREVIOUS] = error
    for _ in range(5):
        assert _kids(cached.manager) == ["v2"]
        assert cached.manager.signing_key().kid == "v2"
        settle()
        asked = len(cached.source.calls)
        cached.manager.verification_keys()
        assert len(cached.source.calls) == asked
        cached.pass_seconds(30)


def test_denial_is_told_when_previous_may_not_be_read(cached: Cached) -> None:
    cached.source.damaged[f"alees/prod/{PATH}", VersionStage.PREVIOUS] = SecretAccessDeniedError
    with pytest.raises(SecretAccessDeniedError):
        cached.manager.signing_key()


def test_no_token_is_refused_when_two_processes_live_through_rotations(cached: Cached) -> None:
    one, other = cached.manager, cached.another()
    signed: list[tuple[float, str]] = []
    for second in range(0, 2600, 10):
        if second in {500, 1500}:
            _rotate(cached, f"v{second}")
        signed += [(second, _sign(one)), (second, _sign(other))]
        signed = [(made, token) for made, token in signed if second - made <= 120]
        assert all(_accepts(one, token) and _accepts(other, token) for _, token in signed)
        settle()
        cached.pass_seconds(10)


def test_key_is_listed_once_when_a_rotation_was_seen_half_way(cached: Cached) -> None:
    stored = cached.source.stored
    stored[f"alees/prod/{PATH}", VersionStage.PREVIOUS] = stored[f"alees/prod/{PATH}", VersionStage.CURRENT]
    assert _kids(cached.manager) == ["v1"]
    assert cached.manager.signing_key().kid == "v1"


def test_no_token_is_refused_when_one_process_is_idle_through_a_rotation(cached: Cached) -> None:
    busy, idle = cached.manager, cached.another()
    idle.verification_keys()
    _rotate(cached)
    cached.pass_seconds(1000)
    for _ in range(3):
        token = _sign(busy)
        settle()
        cached.pass_seconds(30)
    assert jwt.get_unverified_header(token)["kid"] == "v2"
    assert _accepts(idle, token)
    assert _accepts(busy, _sign(idle))


@pytest.mark.parametrize("pause", [1, 5, 20, 59, 61, 1000])
def test_token_is_refused_within_a_minute_when_its_key_is_revoked(cached: Cached, pause: int) -> None:
    token = _sign(cached.manager)
    _rotate(cached)
    cached.manager.refresh(PATH)
    settle()
    assert _accepts(cached.manager, token)
    cached.source.revoke(PATH)
    revoked = cached.clock.now
    while cached.clock.now < revoked + 60:
        cached.pass_seconds(pause)
        accepted = _accepts(cached.manager, token)
        settle()
    assert not accepted
    assert _accepts(cached.manager, _sign(cached.manager))


def test_nothing_is_verified_when_aws_has_been_away_for_a_minute(cached: Cached) -> None:
    token = _sign(cached.manager)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(59)
    assert _accepts(cached.manager, token)
    settle()
    cached.pass_seconds(1)
    assert not _accepts(cached.manager, token)
    with pytest.raises(SecretUnavailableError):
        cached.manager.verification_keys()
    with pytest.raises(SecretUnavailableError):
        cached.manager.signing_key()
    assert cached.manager.get_secret(PATH)["algorithm"] == "HS256"


def test_keys_outlast_an_outage_when_the_policy_says_so() -> None:
    cached = Cached(CachePolicy(revocation_seconds=3600))
    cached.source.put(PATH, fields("a"), "v0", 0)
    token = _sign(cached.manager)
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(3000)
    assert _accepts(cached.manager, token)
    settle()


def test_nobody_waits_when_keys_are_too_old_and_aws_is_known_to_be_away(cached: Cached) -> None:
    cached.manager.signing_key()
    cached.source.failing = SecretUnavailableError
    cached.pass_seconds(61)
    asked = len(cached.source.calls)
    for _ in range(100):
        with pytest.raises(SecretUnavailableError):
            cached.manager.verification_keys()
    assert len(cached.source.calls) == asked + 1


def test_the_background_alone_asks_when_aws_stays_away(cached: Cached) -> None:
    cached.source.failing = SecretUnavailableError
    with pytest.raises(SecretUnavailableError):
        cached.manager.verification_keys()
    asking: list[str] = []
    cached.source.before = lambda: asking.append(threading.current_thread().name)
    for _ in range(100):
        cached.pass_seconds(5)
        with pytest.raises(SecretUnavailableError):
            cached.manager.verification_keys()
        settle()
    assert set(asking) == {"alees-secrets-refresh"}


def test_one_refresh_is_made_when_unknown_keys_are_named_over_and_over(cached: Cached) -> None:
    cached.manager.verification_keys()
    asked = len(cached.source.calls)
    for number in range(100):
        with pytest.raises(UnknownKeyError, match="refuse the token"):
            cached.manager.verification_key(f"strange{number}")
    assert len(cached.source.calls) == asked + 2  # AWSCURRENT and AWSPREVIOUS


def test_key_is_found_when_it_was_unknown_until_now(cached: Cached) -> None:
    cached.manager.verification_keys()
    _rotate(cached)
    assert cached.manager.verification_key("v2").kid == "v2"


def test_only_public_keys_are_published_when_asked_for(cached: Cached) -> None:
    assert cached.manager.jwks() == {"keys": []}
    pem = to_text(new_key(JwtAlgorithm.ES256))
    cached.source.put(PATH, {"secret_key": pem, "algorithm": "ES256"}, "v2", cached.clock.wall())
    cached.manager.refresh(PATH)
    (published,) = cached.manager.jwks()["keys"]
    assert published["kid"] == "v2"
    assert "d" not in published
