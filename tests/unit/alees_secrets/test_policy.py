import pytest

from alees_secrets import CachePolicy, ConfigurationError, VersionStage


@pytest.mark.parametrize(
    "field",
    [
        "ttl_seconds",
        "max_stale_seconds",
        "revocation_seconds",
        "signing_delay_seconds",
        "failure_seconds",
        "retry_seconds",
        "refresh_interval_seconds",
    ],
)
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_time_is_refused_when_it_is_not_positive(field: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=f"{field} is {value}; allowed are seconds above 0"):
        CachePolicy(**{field: value})  # type: ignore[arg-type]


def test_signing_delay_is_refused_when_some_process_may_not_know_the_key_yet() -> None:
    with pytest.raises(ConfigurationError, match="signing_delay_seconds is 60; allowed is more than ttl_seconds"):
        CachePolicy(signing_delay_seconds=60)


def test_previous_is_bound_more_tightly_when_compared() -> None:
    policy = CachePolicy()
    assert policy.bound(VersionStage.CURRENT) == 86_400
    assert policy.bound(VersionStage.PREVIOUS) == 60
    assert CachePolicy(max_stale_seconds=30).bound(VersionStage.PREVIOUS) == 30
