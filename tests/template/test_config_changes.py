"""No change of configuration makes CloudFormation write a secret's value."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alees_secrets.kinds import JwtAlgorithm
from config.email import ByHand, Email, Ses
from config.environment import Environment
from config.environments import prod
from config.network import SecretsManagerRoute
from config.people import IamUser
from config.reload import ReloadCommand
from config.services import ApiService, Internal
from stacks.deployment import add_stacks
from tests.template.reading import Template, resources

EMAIL: tuple[Email, ...] = (ByHand(), Ses(region="eu-west-1", port=465))
WRITES = ("GenerateSecretString", "SecretString", "Name")


def _synthesized(environment: Environment) -> dict[str, Template]:
    with tempfile.TemporaryDirectory() as out:
        app = App(outdir=out)
        add_stacks(app, [environment])
        app.synth()
        return {file.stem.split(".")[0]: json.loads(file.read_text()) for file in Path(out).glob("*.template.json")}


@pytest.fixture(scope="module")
def before() -> dict[str, Template]:
    """Prod as it is declared."""
    return _synthesized(prod())


_PROVIDERS = (Internal(), Internal(key_characters=30), prod().api_services[1].provider)


def _services(declared: list[tuple[int, int]]) -> tuple[ApiService, ...]:
    more = (
        ApiService(name=f"more-{number}", shard=shard, provider=_PROVIDERS[provider])
        for number, (shard, provider) in enumerate(declared)
    )
    return (*(replace(each, provider=_PROVIDERS[len(declared) % 2]) for each in prod().api_services), *more)


@st.composite
def changed(draw: st.DrawFn) -> Environment:
    """Prod with anything changed that may change."""
    environment = prod()
    network = environment.network
    assert network is not None
    role = st.from_regex(r"[a-z]{3,20}", fullmatch=True)
    owner, *logins = draw(st.lists(role, min_size=2, max_size=3, unique=True))
    return replace(
        environment,
        recovery_region=draw(st.sampled_from(["eu-west-1", "eu-north-1"])),
        database=replace(
            environment.database,
            host=draw(st.from_regex(r"[a-z]{3,9}\.example\.com", fullmatch=True)),
            port=draw(st.integers(1, 65535)),
            name=draw(st.from_regex(r"[a-z]{3,20}", fullmatch=True)),
            owner=owner,
            logins=tuple(logins),
            schema=draw(role),
            admin_secret=draw(st.sampled_from(["rds!db-1", "another"])),
            password_length=draw(st.integers(32, 128)),
        ),
        network=draw(st.sampled_from([None, replace(network, route=SecretsManagerRoute.NAT), network])),
        email=draw(st.sampled_from(EMAIL)),
        reload=draw(st.sampled_from([None, ReloadCommand(commands=("true",), tag="alees:reload", values=("prod",))])),
        api_services=_services(draw(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2)), max_size=3))),
        jwt_algorithm=draw(st.sampled_from(JwtAlgorithm)),
        operators=draw(st.sampled_from([(), (IamUser(name="ann"),)])),
        keep_data=draw(st.booleans()),
        rotation_window_hours=draw(st.integers(1, 24)),
        log_retention_days=draw(st.sampled_from([30, 3653])),
    )


def _written(before: dict[str, Template], after: dict[str, Template]) -> list[str]:
    """Return the secrets whose value or name CloudFormation would write."""
    found = []
    for stack, template in before.items():
        for name, old in resources(template, "AWS::SecretsManager::Secret").items():
            new: dict[str, Any] = after[stack]["Resources"].get(name, {"Properties": {}})
            if any(old["Properties"].get(key) != new["Properties"].get(key) for key in WRITES):
                found.append(name)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(environment=changed())
def test_no_value_is_written_whatever_is_changed(before: dict[str, Template], environment: Environment) -> None:
    assert _written(before, _synthesized(environment)) == []


def test_a_written_value_is_found_when_one_is_planted(before: dict[str, Template]) -> None:
    text = json.dumps(before["AleesSecretsProd"]).replace("alees_not_initialized", "changed")

    assert len(_written(before, {**before, "AleesSecretsProd": json.loads(text)})) == 4


def test_a_changed_host_changes_the_function_and_no_secret(before: dict[str, Template]) -> None:
    environment = prod()
    moved = replace(environment, database=replace(environment.database, host="moved.example.com"))

    after = _synthesized(moved)

    def differing(kind: str) -> list[str]:
        old, new = (resources(templates["AleesSecretsProd"], kind) for templates in (before, after))
        return [name for name in old if old[name] != new[name]]

    assert differing("AWS::Lambda::Function") == ["DatabaseRotationFunction5F5966C8"]
    assert differing("AWS::SecretsManager::Secret") == []
    assert differing("AWS::SecretsManager::RotationSchedule") == []
