"""What is remembered under a path and a stage, and by which times. It asks nobody and knows no threads.

Whoever changes it holds a lock; whoever reads it needs none, since an entry is replaced as a whole, never changed.
"""

import random
from dataclasses import replace

from alees_secrets.entries import Failure, Kept, Key
from alees_secrets.errors import (
    SecretDamagedError,
    SecretNotFoundError,
    SecretNotInitializedError,
    SecretsError,
    SecretUnavailableError,
)
from alees_secrets.policy import CachePolicy
from alees_secrets.stages import VersionStage
from alees_secrets.versions import SecretVersion

STAGES = (VersionStage.CURRENT, VersionStage.PREVIOUS)
"""Stages that are remembered. What is pending changes at any time, and is nothing to work with."""

NOTHING_THERE = (SecretDamagedError, SecretNotFoundError, SecretNotInitializedError)
"""Errors that say that a stage holds nothing to use. AWSPREVIOUS holds the placeholder after the first rotation."""

NEVER = float("-inf")

_MOST_FAILURES = 1000
"""How many failures are remembered at most, the latest: more than 300 API services have secrets and stages."""

_EARLIEST, _LATEST = 0.6, 0.8
"""Between which shares of its time to live a value is read again. A process draws one for all that it keeps: of many
draws, the earliest, which has the others read together with it, would be nearly the same in every process."""


class Memory:
    """Values, and failures to read them.

    Attributes:
        kept: The values, by stage and path. Paths alone are keys of a dictionary for each stage, so that a read of what
            is kept builds no key.

    Args:
        policy: For how long they are kept.
    """

    def __init__(self, policy: CachePolicy) -> None:
        self.kept: dict[VersionStage, dict[str, Kept]] = {stage: {} for stage in VersionStage}
        self._failures: dict[Key, Failure] = {}
        self._policy = policy
        self._share = self._draw()

    def find(self, key: Key) -> Kept | None:
        """Return the value at *key*, however old."""
        return self.kept[key[1]].get(key[0])

    def failure(self, key: Key) -> Failure | None:
        """Return how the last read of *key* failed."""
        return self._failures.get(key)

    def stages(self, path: str) -> list[VersionStage]:
        """Return the stages of *path* of which something is remembered, AWSCURRENT first."""
        return [stage for stage in STAGES if path in self.kept[stage] or (path, stage) in self._failures]

    def due(self, before: float) -> list[Key]:
        """Return the keys that are to be read again before then. Other threads may change what is kept meanwhile.

        A failure that is forgotten when it is due is not among them: only who asks again has it read again.
        """
        kept = [((path, stage), each.due) for stage in STAGES for path, each in list(self.kept[stage].items())]
        failed = [(key, each.due) for key, each in list(self._failures.items()) if each.due < each.until]
        return list(dict.fromkeys(key for key, due in (*kept, *failed) if due <= before))

    def keep(self, key: Key, version: SecretVersion, asked: float, now: float) -> None:
        """Keep what was read. It is as old as the request: what AWS said may have changed before the answer came."""
        before, seen = self.find(key), NEVER
        if before is not None:
            seen = before.seen if before.version.version_id == version.version_id else now
        due = asked + self._share * self._ttl(key)
        self.kept[key[1]][key[0]] = Kept(version.fields, version, seen, asked, due)
        self._failures.pop(key, None)

    def fail(self, key: Key, error: SecretsError, now: float) -> Kept | None:
        """Remember that a read failed, and return what may be served all the same.

        AWSPREVIOUS that is gone was taken away on purpose, so it is not served any longer. An AWSCURRENT that is
        missing, denied or damaged still is: most likely somebody is mending it.
        """
        kept, bound = self.find(key), self._policy.bound(key[1])
        gone = isinstance(error, NOTHING_THERE) and key[1] is VersionStage.PREVIOUS
        if kept is not None and (gone or now - kept.confirmed >= bound):
            kept = None
            self.forget(key)
        if kept is not None:
            self.postpone(key, now + self._policy.retry_seconds)
        before, failure = self._failures.get(key), self._failure(key, error, now, gone=gone)
        if before is not None and now < before.until and isinstance(error, SecretUnavailableError):
            # What AWS said last holds, for no longer than it did; that AWS is away, for as long as it is.
            until = failure.until if isinstance(before.error, SecretUnavailableError) else before.until
            failure = before._replace(due=now + self._policy.retry_seconds, until=until)
        # What nobody asks about any more is not kept, nor are more than a bound: names may come from a request.
        lasting = [(each, other) for each, other in self._failures.items() if now < other.until and each != key]
        self._failures = dict([*lasting[1 - _MOST_FAILURES :], (key, failure)])
        return kept

    def forget(self, key: Key) -> None:
        """Remember nothing of *key*."""
        self.kept[key[1]].pop(key[0], None)
        self._failures.pop(key, None)

    def postpone(self, key: Key, until: float) -> None:
        """Have what is kept at *key* be due again at *until*, or when its bound is reached."""
        kept = self.find(key)
        if kept is not None:
            due = min(until, kept.confirmed + self._policy.bound(key[1]))
            self.kept[key[1]][key[0]] = replace(kept, due=due)

    def hurry(self, now: float) -> None:
        """Have all that is to be read again be due up to a quarter earlier, by a share that is drawn anew."""
        self._share = self._draw()

        def earlier(due: float) -> float:
            return min(due, now + self._share / _LATEST * (due - now))

        for kept in self.kept.values():
            kept.update({path: replace(each, due=earlier(each.due)) for path, each in kept.items()})
        again = {key: each for key, each in self._failures.items() if each.due < each.until}
        self._failures |= {key: each._replace(due=earlier(each.due)) for key, each in again.items()}

    def _failure(self, key: Key, error: SecretsError, now: float, *, gone: bool) -> Failure:
        if gone:  # a lasting state, such as after a revocation: it is confirmed as a value is
            return Failure(error, now + self._share * self._ttl(key), now + self._policy.bound(key[1]))
        due = now + self._policy.failure_seconds
        # While AWS is known to be away, nobody waits for it but the background.
        return Failure(error, due, due + self._ttl(key) if isinstance(error, SecretUnavailableError) else due)

    def _ttl(self, key: Key) -> float:
        return min(self._policy.ttl_seconds, self._policy.bound(key[1]))

    @staticmethod
    def _draw() -> float:
        return random.uniform(_EARLIEST, _LATEST)  # noqa: S311 - it spreads load, and guards nothing
