"""``SecretsManager()`` on secrets in memory for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from alees_secrets.manager import SecretsManager
from alees_secrets.policy import DEFAULT_POLICY, CachePolicy
from alees_secrets.settings import Settings
from alees_secrets.shared import using
from alees_secrets.testing.source import InMemorySource

SETTINGS = Settings(environment="test", region="eu-central-1")


@contextmanager
def secrets_in_memory(
    source: InMemorySource | None = None, policy: CachePolicy = DEFAULT_POLICY
) -> Iterator[InMemorySource]:
    """Have ``SecretsManager()`` read *source* in all threads until the block ends; no environment variable, no AWS.

    Args:
        source: One with a secret of each kind by default.
        policy: CachePolicy's defaults by default.
    """
    source = InMemorySource() if source is None else source
    with using(SecretsManager(SETTINGS, source=source, policy=policy)):
        yield source
