"""The cache against a model that keeps the whole history of what AWS would have said.

Whatever happens in whatever order, a value that is served was true at the moment that its age names, no value is older
than its bound, and an error is one that AWS would have given lately.
"""

import bisect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from alees_secrets import (
    SecretAccessDeniedError,
    SecretFields,
    SecretNotFoundError,
    SecretsError,
    SecretUnavailableError,
    VersionStage,
)
from tests.unit.alees_secrets.cached import Cached, settle

CURRENT, PREVIOUS = VersionStage.CURRENT, VersionStage.PREVIOUS
JWT = "jwt/credentials"
PATHS = st.sampled_from(["api/billing/key", JWT])
STAGES = st.sampled_from([CURRENT, PREVIOUS])
REMEMBERED_SECONDS: dict[tuple[type[SecretsError], VersionStage], float] = {
    (SecretNotFoundError, CURRENT): 10,
    (SecretNotFoundError, PREVIOUS): 60,
    (SecretAccessDeniedError, CURRENT): 10,
    (SecretAccessDeniedError, PREVIOUS): 10,
    (SecretUnavailableError, CURRENT): 70,
    (SecretUnavailableError, PREVIOUS): 70,
}

Key = tuple[str, VersionStage]
Truth = SecretFields | type[SecretsError]


class History:
    """What AWS would have said about each key, from when on."""

    def __init__(self) -> None:
        self._said: dict[Key, list[tuple[float, Truth]]] = {}

    def record(self, key: Key, now: float, truth: Truth) -> None:
        self._said.setdefault(key, []).append((now, truth))

    def since(self, key: Key, began: float) -> list[Truth]:
        """Return everything that was true at some moment from *began* on."""
        said = self._said[key]
        first = max(bisect.bisect_left([moment for moment, _ in said], began) - 1, 0)
        return [truth for _, truth in said[first:]]


class CacheMachine(RuleBasedStateMachine):
    """Reads, rotations, revocations, failures of AWS and time, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.cached = Cached()
        self.history = History()
        self.version = 0
        self.failed = float("-inf")
        for path in ("api/billing/key", JWT):
            self._change(path)
        self._record()

    @rule(seconds=st.sampled_from([0.5, 4, 11, 30, 47, 59, 61, 200, 4000, 86_500]))
    def time_passes(self, seconds: float) -> None:
        if self.cached.source.failing is not None:
            self.failed = self.cached.clock.now + seconds
        self.cached.pass_seconds(seconds)

    @rule(path=PATHS)
    def rotated(self, path: str) -> None:
        self._change(path)
        self._record()

    @rule(path=PATHS)
    def revoked(self, path: str) -> None:
        self.cached.source.stored.pop((f"alees/prod/{path}", PREVIOUS), None)
        self._record()

    @rule(error=st.sampled_from([SecretUnavailableError, SecretAccessDeniedError, SecretNotFoundError]))
    def aws_fails(self, error: type[SecretsError]) -> None:
        self.cached.source.failing = error
        self._record()

    @rule()
    def aws_works(self) -> None:
        if self.cached.source.failing is not None:
            self.failed = self.cached.clock.now
        self.cached.source.failing = None
        self._record()

    @rule(path=PATHS, stage=STAGES)
    def read(self, path: str, stage: VersionStage) -> None:
        self._check((path, stage), lambda: self.cached.manager.get_secret(path, stage=stage))
        settle()
        age = self.cached.manager.age(path, stage=stage)
        if age is not None and self.cached.source.failing is None and self.cached.clock.now - self.failed > 15:
            assert age < 48

    @rule(path=PATHS, stage=STAGES)
    def read_by_threads(self, path: str, stage: VersionStage) -> None:
        settle()
        before = len(self.cached.source.calls)
        with ThreadPoolExecutor(4) as threads:
            check = [threads.submit(self._check, (path, stage), self._reading(path, stage)) for _ in range(4)]
        settle()
        for each in check:
            each.result()
        assert len(self.cached.source.calls) - before <= 5  # both stages of one path; what is due of the other

    @rule(path=PATHS)
    def refreshed_by_force(self, path: str) -> None:
        if self.cached.manager.refresh(path):
            value, now = self.cached.manager.get_secret(path), self.cached.clock.now
            assert any(value == truth for truth in self.history.since((path, CURRENT), now))

    @precondition(lambda self: self.cached.source.failing is None)
    @rule(path=PATHS)
    def updated_by_this_process(self, path: str) -> None:
        self._change(path)
        self._record()
        self.cached.manager.update_secret(path, self._stored(path), token=f"v{self.version:032}")
        assert self.cached.manager.get_secret(path) == self._stored(path)

    @rule()
    def verified(self) -> None:
        now = self.cached.clock.now
        try:
            keys = [*self.cached.manager.verification_keys(), self.cached.manager.signing_key()]
        except SecretsError:
            return
        finally:
            settle()
        lately = self.history.since((JWT, CURRENT), now - 60) + self.history.since((JWT, PREVIOUS), now - 60)
        accepted = {truth["secret_key"] for truth in lately if isinstance(truth, SecretFields)}
        assert {key.signing_key() for key in keys} <= accepted

    @invariant()
    def nothing_is_older_than_allowed(self) -> None:
        settle()
        for stage, kept in self.cached.manager._cache.kept.items():
            for each in kept.values():
                assert each.due - each.confirmed <= self.cached.policy.bound(stage)

    def _check(self, key: Key, read: Callable[[], SecretFields]) -> None:
        now = self.cached.clock.now
        try:
            value = read()
        except SecretsError as error:
            outcome: Truth = type(error)
            oldest = REMEMBERED_SECONDS[type(error), key[1]]
        else:
            outcome, oldest = value, self.cached.policy.bound(key[1])
        assert any(outcome == truth for truth in self.history.since(key, now - oldest))

    def _reading(self, path: str, stage: VersionStage) -> Callable[[], SecretFields]:
        return lambda: self.cached.manager.get_secret(path, stage=stage)

    def _change(self, path: str) -> None:
        self.version += 1
        value = f"{self.version:064}"
        fields = {"secret_key": value, "algorithm": "HS256"} if path == JWT else {"api_key": "k", "api_secret": value}
        self.cached.source.put(path, fields, f"v{self.version}", self.cached.clock.wall())

    def _stored(self, path: str) -> SecretFields:
        return self.cached.source.stored[f"alees/prod/{path}", CURRENT].fields

    def _truth(self, key: Key) -> Truth:
        if self.cached.source.failing is not None:
            return self.cached.source.failing
        found = self.cached.source.stored.get((f"alees/prod/{key[0]}", key[1]))
        return SecretNotFoundError if found is None else found.fields

    def _record(self) -> None:
        for path in ("api/billing/key", JWT):
            for stage in (CURRENT, PREVIOUS):
                self.history.record((path, stage), self.cached.clock.now, self._truth((path, stage)))


TestCache = CacheMachine.TestCase
TestCache.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
