"""One point rehearsed: what happens, what Secrets Manager does next, and what must hold."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from rotation_handlers.rotation import Step
from tests.fakes.secrets_manager import FakeSecretsManager
from tests.rehearsal.forks import Forks
from tests.rehearsal.function import RunningFunction, Watch, running
from tests.rehearsal.points import Happening, Place, Point, Scenario
from tests.rehearsal.seam import Order
from tests.rehearsal.world import World

_SECONDS = 60.0
_IMPATIENT_SECONDS = 12.4
"""What the rotation has that comes in between: 0.4 s after the deadline's margin, to be refused by a lock soon."""

_PLACEHOLDER = "first"
_MOST_CREDENTIALS = 2


class BrokenError(Exception):
    """Something does not hold. The message has no values."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a point went.

    Attributes:
        problem: What does not hold, without values; None if all does.
        live: How many credentials the target accepts at the end.
        orphans: How many of them no labelled version holds.
    """

    problem: str | None
    live: int
    orphans: int


def _go_on(_place: Place) -> Order:
    return Order.GO_ON


class Rehearsal:
    """Rehearses points of one kind and scenario in one world.

    Args:
        world: Never rotated. Steady state is two rotations later.
        scenario: Which rotation is disturbed.
        forks: Where functions run.
    """

    def __init__(self, world: World, scenario: Scenario, forks: Forks) -> None:
        self._world = world
        self._forks = forks
        self._in_gap = self._was_refused = False
        for _ in range(0 if scenario is Scenario.FIRST else 2):
            self._converge(self._start())
        store = self._store
        self._values, self._labels = dict(store.values), dict(store.labels)
        self._values_worked = scenario is not Scenario.FIRST
        self._require_few()
        world.remember([store.fields(version) for version in self._values if version != _PLACEHOLDER])

    @property
    def _store(self) -> FakeSecretsManager:
        return self._world.store

    def record(self) -> list[Place]:
        """Return the places of an undisturbed rotation, in order.

        Raises:
            BrokenError: Not even that one converges.
        """
        places: list[Place] = []

        def watch(place: Place) -> Order:
            places.append(place)
            return Order.GO_ON

        self._restore()
        self._converge(self._start(), watch)
        self._require_few()
        return places

    def outcome(self, point: Point) -> Outcome:
        """Rehearse *point*, and count at the end."""
        problem = self._problem(point)
        live, orphans = self._world.live_credentials(), self._world.orphans()
        return Outcome(problem=problem or _too_many(live, orphans), live=live, orphans=orphans)

    def _problem(self, point: Point) -> str | None:
        self._restore()
        self._in_gap = self._values_worked and str(point.where) in self._world.gap
        self._was_refused = False
        try:
            if isinstance(point.where, Step):
                self._deliver_twice(point.where)
            elif point.happening is Happening.INTERLEAVED:
                self._interleave(point.where)
            else:
                self._disturb(point.where, point.happening)
        except BrokenError as error:
            return str(error)
        if self._in_gap and not self._was_refused:
            return "AWSCURRENT works throughout; take the place out of the kind's gap"
        return None

    def _deliver_twice(self, step: Step) -> None:
        token = self._start()
        with self._function() as function:
            self._require_done(self._deliver(function, token, twice=step))
        self._require_converged(token)

    def _disturb(self, where: Place, happening: Happening) -> None:
        fate, _, then = happening.partition("/")
        order = Order.DIE if fate == "died" else Order.LOSE
        token = self._start()
        reached: list[Place] = []

        def watch(place: Place) -> Order:
            if place != where or reached:
                return Order.GO_ON
            reached.append(place)
            return order

        with self._function(watch) as function:
            self._deliver(function, token)
        _require_reached(where, reached)
        self._converge(token if then == "retried" else self._start())

    def _interleave(self, where: Place) -> None:
        reached: list[Place] = []

        def watch(place: Place) -> Order:
            if place == where and not reached:
                reached.append(place)
                with self._function(seconds=_IMPATIENT_SECONDS) as another:
                    self._deliver(another, self._start())
            return Order.GO_ON

        with self._function(watch) as function:
            self._deliver(function, self._start())
        _require_reached(where, reached)
        pending = self._store.labels.get("AWSPENDING")
        if pending not in {None, self._store.labels["AWSCURRENT"]}:
            # One was refused by the lock or has lost its label: Secrets Manager tries that token again.
            with self._function() as function:
                self._deliver(function, str(pending))
        self._require_no_stray_label()
        self._converge(self._start())

    def _converge(self, token: str, watch: Watch = _go_on) -> None:
        with self._function(watch) as function:
            self._require_done(self._deliver(function, token))
        self._require_converged(token)

    def _deliver(self, function: RunningFunction, token: str, *, twice: Step | None = None) -> str | None:
        """Deliver the steps in order until one isn't done; return that one and why.

        Raises:
            BrokenError: AWSCURRENT does not work after a step, whatever became of it.
        """
        for step in Step:
            for _ in range(2 if step is twice else 1):
                failure = function.deliver(step, token)
                self._require_current_works(step)
                if failure is not None:
                    return f"{step} {failure}"
        return None

    def _require_done(self, failure: str | None) -> None:
        if failure is not None:
            raise BrokenError(f"does not converge: {failure}")

    def _require_converged(self, token: str) -> None:
        if self._store.labels["AWSCURRENT"] != token:
            raise BrokenError("all steps were done, and AWSCURRENT is another version")
        self._require_no_stray_label()

    def _require_few(self) -> None:
        problem = _too_many(self._world.live_credentials(), self._world.orphans())
        if problem is not None:
            raise BrokenError(problem)

    def _require_no_stray_label(self) -> None:
        labels = self._store.labels
        if labels.get("AWSPENDING") not in {None, labels["AWSCURRENT"]}:
            raise BrokenError("AWSPENDING stays on another version than AWSCURRENT")

    def _require_current_works(self, after: Step) -> None:
        if self._store.labels["AWSCURRENT"] == _PLACEHOLDER or self._world.works(self._store.current()):
            return
        self._was_refused = True
        if not self._in_gap:
            raise BrokenError(f"AWSCURRENT does not work after {after}")

    def _start(self) -> str:
        return self._store.start_new_rotation()

    def _restore(self) -> None:
        self._store.values, self._store.labels = dict(self._values), dict(self._labels)
        self._world.restore()

    def _function(self, watch: Watch = _go_on, seconds: float = _SECONDS) -> AbstractContextManager[RunningFunction]:
        return running(self._world.function, self._forks, self._store, watch, seconds)


def _too_many(live: int, orphans: int) -> str | None:
    if live > _MOST_CREDENTIALS:
        return f"{live} credentials work"
    return f"{orphans} credentials work that no version holds" if orphans else None


def _require_reached(where: Place, reached: list[Place]) -> None:
    if not reached:
        raise BrokenError(f"a rotation makes no call {where}; take the point out of the list or write its new id")
