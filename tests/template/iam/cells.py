"""The access matrix cell by cell: every principal, every action, every secret, with all layers together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.access import Action, may
from tests.template.iam.layers import duty_of
from tests.template.iam.probes import PROBES, names
from tests.template.iam.world import Principal, World


@dataclass(frozen=True)
class Cell:
    """One cell, as the matrix has it and as the policies have it."""

    duty: str
    action: Action
    name: str
    wanted: bool
    found: bool


def cells(world: World) -> Iterator[Cell]:
    """Yield every cell of *world*."""
    for principal in world.principals.values():
        duty = duty_of(world, principal)
        for name in names(world):
            for action in Action:
                wanted = may(world.environment, duty, action, name)
                yield Cell(duty, action, name, wanted, found(world, principal, action, name, wanted=wanted))


def found(world: World, principal: Principal, action: Action, name: str, *, wanted: bool) -> bool:
    """Tell whether policies allow an action; where ways to do it differ, the one that the matrix does not have."""
    ways = {
        _may(world, principal, action, probe.iam_action, name, probe.carried(world))
        for probe in PROBES
        if probe.action is action
    }
    return ways.pop() if len(ways) == 1 else not wanted


def _may(
    world: World, principal: Principal, action: Action, iam_action: str, name: str, carried: dict[str, Any]
) -> bool:
    if action is Action.LIST:
        return world.own_allows(principal, iam_action, "*", carried)
    if action is Action.READ_BATCH:
        batch = world.own_allows(principal, iam_action, "*", carried)
        return batch and world.may(principal, "secretsmanager:GetSecretValue", name, {})
    return world.may(principal, iam_action, name, carried)
