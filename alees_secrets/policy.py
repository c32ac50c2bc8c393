"""How long values are kept, and what happens when AWS does not answer."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from alees_secrets.errors import ConfigurationError
from alees_secrets.stages import VersionStage

StaleHook = Callable[[str, VersionStage, float], None]
"""Called with a secret's path, the stage, and the seconds since AWS last confirmed the value that is served."""

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class CachePolicy:
    """What a SecretsManager keeps, and for how long. All times are in seconds and positive.

    Attributes:
        ttl_seconds: How old a value that is in use becomes while AWS answers. It is read again in the background when
            it has reached 60 to 80 % of this, a share that each process draws at random, so that processes that started
            together do not ask together; a forked one waits for three quarters to all of the time that was left, too.
        max_stale_seconds: How old a value may be when AWS does not answer.
        revocation_seconds: How old an AWSPREVIOUS value may be, both JWT keys when they sign or verify, and the API
            keys of callers: for so long one may still be accepted here after it was revoked. More of it outlasts
            longer outages.
        signing_delay_seconds: How old a new JWT key must be before it signs, unless the one before is gone. It must be
            longer than any process's ttl_seconds. The default leaves five minutes for clocks that differ (more is
            refused by AWS) and four for a rotation that takes its time.
        failure_seconds: How long it is remembered that a secret is missing, denied, damaged or not answered about.
        retry_seconds: How long after a failed refresh the next one is tried.
        refresh_interval_seconds: How often at most ``refresh`` asks AWS about one secret in vain.
        on_stale: Called in a background thread after each refresh that failed while a value was there to be served.

    Raises:
        ConfigurationError: A time is not positive, or signing_delay_seconds not longer than ttl_seconds.
    """

    ttl_seconds: float = 60.0
    max_stale_seconds: float = DAY_SECONDS
    revocation_seconds: float = 60.0
    signing_delay_seconds: float = 600.0
    failure_seconds: float = 10.0
    retry_seconds: float = 15.0
    refresh_interval_seconds: float = 5.0
    on_stale: StaleHook | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_seconds") and not value > 0:
                raise ConfigurationError(f"{field.name} is {value!r}; allowed are seconds above 0")
        if not self.signing_delay_seconds > self.ttl_seconds:
            raise ConfigurationError(
                f"signing_delay_seconds is {self.signing_delay_seconds!r}; allowed is more than ttl_seconds "
                f"({self.ttl_seconds!r}), since every process must know a key before it signs"
            )

    def bound(self, stage: VersionStage) -> float:
        """Return how old a value at *stage* may be, in seconds."""
        if stage is VersionStage.CURRENT:
            return self.max_stale_seconds
        return min(self.revocation_seconds, self.max_stale_seconds)


DEFAULT_POLICY = CachePolicy()
