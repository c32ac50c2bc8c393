"""The points of a rehearsal, and their ids."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from rotation_handlers.rotation import Step


class Scenario(StrEnum):
    """Which rotation is disturbed."""

    FIRST = "first"
    STEADY = "steady"


class Moment(StrEnum):
    """When, at a call: before it takes effect, or after."""

    BEFORE = "before"
    AFTER = "after"


class Happening(StrEnum):
    """What happens at a point, and what Secrets Manager does next.

    The function dies, or loses the call's reply (before: the request) and goes on with the error. Then the same token
    is tried again, or a new one is started. INTERLEAVED: another rotation is delivered whole. TWICE: each delivery of
    the step comes twice.
    """

    DIED_RETRIED = "died/retried"
    DIED_ANEW = "died/anew"
    LOST_RETRIED = "lost/retried"
    LOST_ANEW = "lost/anew"
    INTERLEAVED = "interleaved"
    TWICE = "twice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One side of one external call.

    Attributes:
        step: In which step it is made.
        call: Its name and the how many-th of that name in the step it is, such as ``ALTER-ROLE#2``.
        moment: Before or after its effect.
    """

    step: Step
    call: str
    moment: Moment

    def __str__(self) -> str:
        return f"{self.step}/{self.call}/{self.moment}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One thing that may happen to one rotation.

    Attributes:
        kind: Whose rotation.
        scenario: Which rotation of it.
        where: At which call; for TWICE, in which step.
        happening: What happens.
    """

    kind: str
    scenario: Scenario
    where: Place | Step
    happening: Happening

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the point whose id is *text*.

        Raises:
            ValueError: It is no id.
        """
        try:
            kind, scenario, step, *rest = text.split("/")
            where: Place | Step = Step(step)
            if rest != [Happening.TWICE]:
                call, moment, *rest = rest
                where = Place(step=Step(step), call=call, moment=Moment(moment))
            happening = Happening("/".join(rest))
            point = cls(kind=kind, scenario=Scenario(scenario), where=where, happening=happening)
        except ValueError:
            point = None
        if point is None or (point.happening is Happening.TWICE) is isinstance(point.where, Place):
            raise ValueError(
                f"point is {text!r}; allowed are ids as database/steady/setSecret/ALTER-ROLE#2/after/died/retried"
            )
        return point

    def __str__(self) -> str:
        return f"{self.kind}/{self.scenario}/{self.where}/{self.happening}"


def points_of(kind: str, scenario: Scenario, places: list[Place]) -> list[Point]:
    """Return everything that may happen to a rotation that makes its calls at *places*."""
    at_calls = [
        Point(kind=kind, scenario=scenario, where=place, happening=happening)
        for place in places
        for happening in Happening
        if happening is not Happening.TWICE
    ]
    deliveries = [Point(kind=kind, scenario=scenario, where=step, happening=Happening.TWICE) for step in Step]
    return at_calls + deliveries
