"""When AWS is asked for what is remembered, and who waits for it."""

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping

from alees_secrets.aws_client import LONGEST_CALL_SECONDS
from alees_secrets.entries import Kept, Key
from alees_secrets.errors import SecretsError, SecretUnavailableError
from alees_secrets.flights import Flight, Flights
from alees_secrets.memory import NEVER, Memory
from alees_secrets.naming import SecretName
from alees_secrets.policy import CachePolicy
from alees_secrets.reading import Outcome, read_all
from alees_secrets.source import SecretSource
from alees_secrets.stages import VersionStage
from alees_secrets.stale import tell_stale
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion

_AHEAD = 0.2
"""What will be due within this share of the time to live is read together with what is due."""


class Cache:
    """What was read from a source. Threads may share it; so may a forked process with its parent.

    Args:
        environment: Whose secrets they are.
        source: Where they come from.
        policy: For how long they are kept.
        clock: Monotonic seconds.
    """

    def __init__(self, environment: str, source: SecretSource, policy: CachePolicy, clock: Callable[[], float]) -> None:
        self._memory = Memory(policy)
        self.kept = self._memory.kept
        """What is served, by stage and path; to be read only."""
        self._forced: dict[str, tuple[float, str | None]] = {}
        self._environment = environment
        self._source = source
        self._policy = policy
        self._clock = clock
        self._flights = Flights()
        _all.add(self)

    def read(self, key: Key, bound: float | None = None, also: Iterable[Key] = ()) -> Kept:
        """Return what is kept at *key*, or read it.

        Whoever finds a value that is young enough gets it at once, and has it refreshed in the background if it is due.

        Args:
            key: A path of some kind, and CURRENT or PREVIOUS.
            bound: How old the value may be, in seconds; the stage's bound by default.
            also: What is read too if AWS has to be asked and waited for.

        Raises:
            SecretsError: It cannot be read, and nothing young enough is kept.
        """
        limit = self._policy.bound(key[1]) if bound is None else bound
        while True:
            now = self._clock()
            kept = self._memory.find(key)
            if kept is not None and now - kept.confirmed < limit:
                if now >= kept.due:
                    self._refresh_behind()
                return kept
            failure = self._memory.failure(key)
            if failure is not None and now < failure.until:
                if now >= failure.due:
                    self._refresh_behind()
                raise failure.again()
            mine, others = self._flights.claim(self._with_stages([key, *also]))
            if self._memory.find(key) is not kept or self._memory.failure(key) is not failure:
                self._flights.land(mine)  # another thread read it between the look and the claim
                continue
            failed = self._end(mine, others).get(key)
            if failed is not None:
                raise failed

    def read_revocable(self, key: Key) -> SecretFields:
        """Return the fields at *key*, no older than an AWSPREVIOUS value may be: they may have been revoked.

        Raises:
            SecretsError: They cannot be read, and nothing young enough is kept.
        """
        return self.read(key, self._policy.bound(VersionStage.PREVIOUS)).fields

    def preload(self, keys: Iterable[Key]) -> Mapping[Key, SecretsError]:
        """Read what is not kept yet, together; return what went wrong, whichever thread asked."""
        wanted = [key for key in dict.fromkeys(keys) if self._memory.find(key) is None]
        self._fetch(wanted)
        failed = {key: self._memory.failure(key) for key in wanted if self._memory.find(key) is None}
        return {key: failure.again() for key, failure in failed.items() if failure is not None}

    def refresh(self, path: str, refused: SecretFields | None = None) -> bool:
        """Ask AWS now about every stage of *path* that was read before, unless that failed, or was in vain, too lately.

        Args:
            path: Of some kind.
            refused: The AWSCURRENT value that was refused. When another one is kept by now, AWS is not asked: that
                would be in vain, and hold up the refresh that the other one may need.

        Returns:
            Whether AWSCURRENT was read, by this call or by one that was under way already, or is another one.
        """
        now, key = self._clock(), (path, VersionStage.CURRENT)
        with self._flights.lock:
            held = self._memory.find(key)
            if held is not None and refused is not None and held.fields != refused:
                return True
            version = None if held is None else held.version.version_id
            last, before = self._forced.get(path, (NEVER, version))
            # What the last one brought may be refused by now, too: rotations can follow one another quickly.
            fruitful = before is not None and before != version
            interval = self._policy.refresh_interval_seconds
            allowed = (fruitful or now - last >= interval) and not self._is_away(key, now)
            if allowed:
                # What holds up nothing any more is not kept: names may come from a request.
                self._forced = {each: forced for each, forced in self._forced.items() if now - forced[0] < interval}
                self._forced[path] = now, version
            under_way = self._flights.find(key)
        if allowed:
            self.fetch_anew(path)
        elif under_way is None:
            return False
        else:
            under_way.wait()
        kept, before_that = self._memory.find(key), NEVER if held is None else held.confirmed
        return kept is not None and (kept.confirmed >= now or kept.confirmed > before_that)

    def _is_away(self, key: Key, now: float) -> bool:
        """Tell whether AWS did not answer about *key* lately: nobody is to wait for it again so soon."""
        failure = self._memory.failure(key)
        return failure is not None and isinstance(failure.error, SecretUnavailableError) and now < failure.due

    def fetch_anew(self, path: str) -> None:
        """Read every stage of *path* that was read before, with requests that begin after this call did."""
        keys = self._with_stages([(path, VersionStage.CURRENT)])
        while keys:
            mine, others = self._flights.claim(keys)
            self._end(mine, others)
            keys = [key for key in keys if key not in mine]

    def put(self, path: str, version: SecretVersion) -> None:
        """Keep what this process has just written as AWSCURRENT."""
        current, previous = (path, VersionStage.CURRENT), (path, VersionStage.PREVIOUS)
        with self._flights.lock:
            self._flights.overtake([current, previous])
            self._memory.forget(previous)
            now = self._clock()
            self._memory.keep(current, version, now, now)

    def age(self, key: Key) -> float | None:
        """Return the seconds since AWS confirmed the value at *key*; None if none is kept."""
        kept = self._memory.find(key)
        return None if kept is None else self._clock() - kept.confirmed

    def begin_anew(self) -> None:
        """Go on in a process that was just forked, where no other thread runs.

        It gets a lock and a record of its own: the threads that were asking, or held the lock, do not exist here. And
        it refreshes what it inherited at moments of its own, or all children of one process would ask AWS together.
        """
        self._flights = Flights()
        self._memory.hurry(self._clock())

    def _with_stages(self, keys: Iterable[Key]) -> list[Key]:
        """Return *keys* with the other stages that were read of the same secrets: they are refreshed together."""
        found = dict.fromkeys(keys)
        for path, _ in list(found):
            found |= dict.fromkeys((path, stage) for stage in self._memory.stages(path))
        return list(found)

    def _fetch(self, keys: Iterable[Key]) -> Mapping[Key, SecretsError]:
        """Read *keys*, or wait for those who are reading them; return what went wrong with the former."""
        return self._end(*self._flights.claim(keys))

    def _end(self, mine: dict[Key, Flight], others: Iterable[Flight]) -> Mapping[Key, SecretsError]:
        failed = self._fly(mine)
        for flight in others:
            flight.wait()
        return failed

    def _fly(self, mine: dict[Key, Flight]) -> Mapping[Key, SecretsError]:
        if not mine:
            return {}
        try:
            names = {key: SecretName(environment=self._environment, path=key[0]) for key in mine}
            asked = self._clock()
            failed, stale = self._store(mine, read_all(self._source, names), asked)
        finally:
            self._flights.land(mine)
        # After the flights: the hook, or a handler of the log line, may ask for one of these secrets itself.
        for key, age, error in stale:
            tell_stale(key, age, error, self._policy.on_stale)
        return failed

    def _store(
        self, mine: dict[Key, Flight], outcomes: dict[Key, Outcome], asked: float
    ) -> tuple[dict[Key, SecretsError], list[tuple[Key, float, SecretsError]]]:
        """Remember what reads came to; return what went wrong, without a value to serve and with one, and its age."""
        now = self._clock()
        failed: dict[Key, SecretsError] = {}
        stale: list[tuple[Key, float, SecretsError]] = []
        with self._flights.lock:
            # AWSCURRENT last: who reads it first and then AWSPREVIOUS never misses the version that moved over.
            for key, outcome in reversed(outcomes.items()):
                if mine[key].overtaken:
                    continue
                if isinstance(outcome, SecretVersion):
                    self._memory.keep(key, outcome, asked, now)
                elif kept := self._memory.fail(key, outcome, now):
                    stale.append((key, now - kept.confirmed, outcome))
                else:
                    failed[key] = type(outcome)(*outcome.args)  # what is remembered is not raised: see Failure
        return failed, stale

    def _refresh_behind(self) -> None:
        """Start the background refresh, unless it is running."""
        if not self._flights.begin_background():
            return
        try:
            threading.Thread(target=self._refresh_due, name="alees-secrets-refresh", daemon=True).start()
        except RuntimeError:  # no thread can be started, as while the interpreter ends: the last value will do
            self._flights.end_background()

    def _refresh_due(self) -> None:
        """Read what is due, and what soon will be, together."""
        try:
            now = self._clock()
            keys = self._memory.due(now + _AHEAD * self._policy.ttl_seconds)
            with self._flights.lock:
                for key in keys:
                    self._memory.postpone(key, now + LONGEST_CALL_SECONDS)  # so that reads stay quick meanwhile
            self._fetch(self._with_stages(keys))
        finally:
            self._flights.end_background()


_all: "weakref.WeakSet[Cache]" = weakref.WeakSet()


def _begin_anew() -> None:
    for cache in list(_all):
        cache.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)
