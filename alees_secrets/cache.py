"""Values in memory: when AWS is asked, and what is served meanwhile.

Reads of what is kept take no lock: an entry is replaced as a whole, never changed.
"""

import random
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from alees_secrets.entries import Failure, Kept, Key
from alees_secrets.errors import SecretNotFoundError, SecretsError, SecretUnavailableError
from alees_secrets.flights import Flight, Flights
from alees_secrets.naming import SecretName
from alees_secrets.policy import CachePolicy
from alees_secrets.reading import Outcome, read_all
from alees_secrets.source import SecretSource
from alees_secrets.stages import VersionStage
from alees_secrets.stale import tell_stale
from alees_secrets.versions import SecretVersion

_EARLIEST, _LATEST = 0.6, 0.8
"""Between which shares of its time to live a value is read again."""

NEVER = float("-inf")


class Cache:
    """What was read from a source. Threads may share it; so may a forked process with its parent.

    Args:
        environment: Whose secrets they are.
        source: Where they come from.
        policy: For how long they are kept.
        clock: Monotonic seconds.
    """

    def __init__(self, environment: str, source: SecretSource, policy: CachePolicy, clock: Callable[[], float]) -> None:
        self.kept: dict[Key, Kept] = {}
        """What is served. Only this class writes it."""
        self._failures: dict[Key, Failure] = {}
        self._forced: dict[str, float] = {}
        self._environment = environment
        self._source = source
        self._policy = policy
        self._clock = clock
        self._flights = Flights()

    def read(self, key: Key, bound: float | None = None) -> Kept:
        """Return what is kept at *key*, or read it.

        Whoever finds a value that is young enough gets it at once, and has it refreshed in the background if it is due.

        Args:
            key: A path of some kind, and a stage but PENDING.
            bound: How old the value may be, in seconds; the stage's bound by default.

        Raises:
            SecretsError: It cannot be read, and nothing young enough is kept.
        """
        limit = self._policy.bound(key[1]) if bound is None else bound
        while True:
            now = self._clock()
            kept = self.kept.get(key)
            if kept is not None and now - kept.confirmed < limit:
                if now >= kept.due:
                    self._refresh_behind()
                return kept
            failure = self._failures.get(key)
            if failure is not None and now < failure.until:
                if now >= failure.due:
                    self._refresh_behind()
                raise failure.again()
            failed = self._fetch(self._with_stages([key])).get(key)
            if failed is not None:
                raise failed

    def preload(self, keys: Collection[Key]) -> Mapping[Key, SecretsError]:
        """Read what is not kept yet, together; return what went wrong."""
        return self._fetch([key for key in keys if key not in self.kept])

    def refresh(self, path: str) -> bool:
        """Ask AWS now about every stage of *path* that was read before, unless that was done too lately.

        Returns:
            Whether AWSCURRENT was read, by this call or by one that was under way already.
        """
        now, key = self._clock(), (path, VersionStage.CURRENT)
        with self._flights.lock:
            allowed = now - self._forced.get(path, NEVER) >= self._policy.refresh_interval_seconds
            if allowed:
                self._forced[path] = now
            under_way = self._flights.find(key)
        if not allowed:
            if under_way is None:
                return False
            under_way.wait()
            return self._confirmed_since(key, now)
        self.fetch_anew(path)
        return self._confirmed_since(key, now)

    def fetch_anew(self, path: str) -> None:
        """Read every stage of *path* that was read before, with requests that begin after this call did."""
        keys = self._with_stages([(path, VersionStage.CURRENT)])
        while keys:
            mine, others = self._flights.claim(keys)
            self._fly(mine)
            for flight in others:
                flight.wait()
            keys = [key for key in keys if key not in mine]

    def put(self, path: str, version: SecretVersion) -> None:
        """Keep what this process has just written as AWSCURRENT."""
        key, previous = (path, VersionStage.CURRENT), (path, VersionStage.PREVIOUS)
        with self._flights.lock:
            self._flights.overtake([key, previous])
            self._keep(key, version, self._clock())
            self.kept.pop(previous, None)
            self._failures.pop(previous, None)

    def age(self, key: Key) -> float | None:
        """Return the seconds since AWS confirmed the value at *key*; None if none is kept."""
        kept = self.kept.get(key)
        return None if kept is None else self._clock() - kept.confirmed

    def _confirmed_since(self, key: Key, began: float) -> bool:
        kept = self.kept.get(key)
        return kept is not None and kept.confirmed >= began

    def _with_stages(self, keys: Iterable[Key]) -> list[Key]:
        """Return *keys* with the other stages that were read of the same secrets: they are refreshed together."""
        found = dict.fromkeys(keys)
        for path, _ in list(found):
            for stage in (VersionStage.CURRENT, VersionStage.PREVIOUS):
                if (path, stage) in self.kept or (path, stage) in self._failures:
                    found[path, stage] = None
        return list(found)

    def _fetch(self, keys: Collection[Key]) -> Mapping[Key, SecretsError]:
        """Read *keys*, or wait for those who are reading them; return what went wrong with the former."""
        mine, others = self._flights.claim(keys)
        failed = self._fly(mine)
        for flight in others:
            flight.wait()
        return failed

    def _fly(self, mine: dict[Key, Flight]) -> Mapping[Key, SecretsError]:
        if not mine:
            return {}
        try:
            outcomes = read_all(self._source, self._named(mine))
            return self._store(mine, outcomes)
        finally:
            self._flights.land(mine)

    def _named(self, keys: Iterable[Key]) -> dict[Key, SecretName]:
        return {key: SecretName(environment=self._environment, path=key[0]) for key in keys}

    def _store(self, mine: dict[Key, Flight], outcomes: Mapping[Key, Outcome]) -> Mapping[Key, SecretsError]:
        now, failed, stale = self._clock(), {}, []
        with self._flights.lock:
            for key, outcome in outcomes.items():
                if mine[key].overtaken:
                    continue
                if isinstance(outcome, SecretVersion):
                    self._keep(key, outcome, now)
                elif self._fail(key, outcome, now):
                    failed[key] = outcome
                else:
                    stale.append((key, now - self.kept[key].confirmed, outcome))
        for key, age, error in stale:
            tell_stale(key, age, error, self._policy.on_stale)
        return failed

    def _keep(self, key: Key, version: SecretVersion, now: float) -> None:
        before = self.kept.get(key)
        seen = NEVER if before is None else before.seen
        if before is not None and before.version.version_id != version.version_id:
            seen = now
        self.kept[key] = Kept(version.fields, version, seen, now, now + self._share() * self._ttl(key))
        self._failures.pop(key, None)

    def _fail(self, key: Key, error: SecretsError, now: float) -> bool:
        """Remember a failure; return whether it leaves nothing to serve."""
        limit = self._policy.bound(key[1])
        kept = self.kept.get(key)
        gone = isinstance(error, SecretNotFoundError) and key[1] is VersionStage.PREVIOUS
        if gone or kept is None or now - kept.confirmed >= limit:
            self.kept.pop(key, None)
        else:
            self._postpone(key, kept, now)
        self._failures[key] = self._failure(key, error, now, gone=gone)
        return key not in self.kept

    def _failure(self, key: Key, error: SecretsError, now: float, *, gone: bool) -> Failure:
        if gone:  # a lasting state, such as after a revocation: it is confirmed as a value is
            return Failure(error, now + self._share() * self._ttl(key), now + self._policy.bound(key[1]))
        due = now + self._policy.failure_seconds
        # While AWS is known to be away, nobody waits for it but the background.
        return Failure(error, due, due + self._ttl(key) if isinstance(error, SecretUnavailableError) else due)

    def _postpone(self, key: Key, kept: Kept, now: float) -> None:
        due = min(now + self._policy.retry_seconds, kept.confirmed + self._policy.bound(key[1]))
        self.kept[key] = replace(kept, due=due)

    def _ttl(self, key: Key) -> float:
        return min(self._policy.ttl_seconds, self._policy.bound(key[1]))

    @staticmethod
    def _share() -> float:
        return random.uniform(_EARLIEST, _LATEST)  # noqa: S311 - it spreads load, and guards nothing

    def _refresh_behind(self) -> None:
        """Start the background refresh, unless it is running."""
        if not self._flights.begin_background():
            return
        try:
            threading.Thread(target=self._refresh_due, name="alees-secrets-refresh", daemon=True).start()
        except RuntimeError:  # no thread can be started, as while the interpreter ends: the last value will do
            self._flights.end_background()

    def _refresh_due(self) -> None:
        """Read what is due, and what soon will be, in one go."""
        try:
            now = self._clock()
            soon = now + (_LATEST - _EARLIEST) * self._policy.ttl_seconds
            kept = [(key, each) for key, each in list(self.kept.items()) if each.due <= soon]
            failed = [key for key, each in list(self._failures.items()) if each.due <= soon]
            with self._flights.lock:
                for key, each in kept:
                    if self.kept.get(key) is each:
                        self._postpone(key, each, now)  # so that reads stay quick if AWS takes its time
            self._fetch(self._with_stages([*(key for key, _ in kept), *failed]))
        finally:
            self._flights.end_background()
