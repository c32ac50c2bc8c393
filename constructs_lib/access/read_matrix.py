"""The access matrix as the function reads it that watches who reads: monitoring_handlers/access_watch/matrix.py."""

import json
from collections.abc import Mapping

from alees_secrets import naming
from config.access import VALUES, Action, Duty, duties, honey_name, may, rules_of
from config.environment import Environment
from constructs_lib.access.secret_statements import CALLS

MATRIX = "matrix.json"
"""Name of the file in the package's root."""

_STAGES = {
    Action.READ_CURRENT: "AWSCURRENT",
    Action.READ_PREVIOUS: "AWSPREVIOUS",
    Action.READ_PENDING: "AWSPENDING",
}

_LEARNED = frozenset({Duty.APPLICATION, Duty.DEVELOPER})
"""Who has habits. Rotations read each secret once in a quarter, and break-glass is told whenever it is taken on."""

_ANYWHERE = frozenset({Duty.BREAK_GLASS, Duty.DEVELOPER, Duty.EMAIL_ROTATION})
"""Who reads from outside any network: people, and the function that is in none (docs/adr/0013)."""


_CHANGES: Mapping[Action, tuple[str, ...]] = {
    Action.CREATE: ("CreateSecret",),
    **{each: CALLS[each] for each in (Action.PUT, Action.MOVE_LABELS, Action.RECONFIGURE, Action.DELETE)},
}
"""What changes a secret, and by which calls. Tags change no value."""


def read_matrix(environment: Environment) -> str:
    """Return who may read and change which secret of *environment*, and what else its reads are judged by, as JSON.

    Account and partition are left out: in an environment without a declared account nobody knows them yet.
    """
    slug, honey = environment.slug, honey_name(environment)
    describers = [each for each in duties(environment) if may(environment, each, Action.DESCRIBE, honey)]
    return json.dumps(
        {
            "environment": slug,
            "region": environment.region,
            "prefix": naming.prefix(slug),
            "honey": honey,
            "break_glass": _principal(environment, Duty.BREAK_GLASS),
            "roles": [f"{naming.role_name(slug, '')}", f"{naming.ROOT}-ci-", environment.stack_name, _ACCOUNT_ROLES],
            "describers": sorted({_principal(environment, each) for each in describers}),
            "key_makers": {naming.smtp_user(slug): _principal(environment, Duty.EMAIL_ROTATION)},
            "networks": list(environment.known_networks),
            "readers": [reader for duty in duties(environment) for reader in _readers(environment, duty, but=honey)],
            "writers": [writer for duty in duties(environment) for writer in _writers(environment, duty)],
        },
        indent=1,
    )


_ACCOUNT_ROLES = "AleesSecretsAccount"


def _readers(environment: Environment, duty: str, *, but: str) -> list[Mapping[str, object]]:
    return [
        {
            "principal": _principal(environment, duty),
            "names": list(rule.names),
            "but": [*rule.but, but],
            "stages": [stage for action, stage in _STAGES.items() if action in rule.actions],
            "by_id": Action.READ_VERSION in rule.actions,
            "learned": duty in _LEARNED,
            "inside": duty not in _ANYWHERE and (duty == Duty.APPLICATION or environment.network is not None),
        }
        for rule in rules_of(environment, duty)
        if rule.actions & VALUES
    ]


def _writers(environment: Environment, duty: str) -> list[Mapping[str, object]]:
    return [
        {
            "principal": _principal(environment, duty),
            "names": list(rule.names),
            "but": list(rule.but),
            "calls": sorted(call for action in rule.actions & _CHANGES.keys() for call in _CHANGES[action]),
        }
        for rule in rules_of(environment, duty)
        if rule.actions & _CHANGES.keys()
    ]


def _principal(environment: Environment, duty: str) -> str:
    sort = "user" if duty == Duty.DEVELOPER else "role"
    return f"{sort}{naming.role_path(environment.slug)}{naming.role_name(environment.slug, duty)}"
