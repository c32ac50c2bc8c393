"""Pairs that Alees issues itself."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from alees_secrets.kinds import UNRESERVED
from alees_secrets.naming import SecretName
from alees_secrets.values import SecretFields
from config.http_call import Call
from config.services import Internal
from rotation_handlers.api_key.providers.internal import GeneratedPair, strategy
from rotation_handlers.api_key.service import Service
from rotation_handlers.canary import verify_rotation
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, Outcome, Step, run_step
from rotation_handlers.strategy import Revocation, Revoked
from rotation_handlers.versions import SecretVersions
from tests.fakes.lambda_context import FakeContext
from tests.fakes.provider import Provider, failing, refusing
from tests.fakes.secrets_manager import ARN, FakeSecretsManager
from tests.unit.rotation_handlers.jwt.rotating import new_store

WITH_KEY = {"X-Api-Key": "{api_key}", "X-Api-Secret": "{api_secret}"}


@dataclass
class Rotations:
    """One secret and what its strategy is given."""

    declared: Internal = field(default_factory=Internal)
    certificates: str | None = None
    store: FakeSecretsManager = field(default_factory=new_store)

    def strategy(self) -> GeneratedPair:
        return strategy(
            Service(
                secret=SecretName.parse("alees/local/api/partners/key"),
                settings=self.declared.settings(),
                certificates=self.certificates,
                read_management=lambda: pytest.fail("there is no management secret"),
                deadline=Deadline(FakeContext()),
            )
        )

    def step(self, step: Step, token: str) -> Done:
        versions = SecretVersions(cast("Any", self.store), ARN, token, Deadline(FakeContext()))
        return run_step(step, versions, self.strategy())

    def canary(self) -> Done:
        versions = RotatedVersions(cast("Any", self.store), ARN, Deadline(FakeContext()))
        return verify_rotation(versions, self.strategy(), lambda _: None)

    def start(self) -> str:
        return self.store.start_new_rotation()

    def rotate(self) -> dict[str, Any]:
        token = self.start()
        for step in Step:
            self.step(step, token)
        return self.store.current()


def _verified(provider: Provider) -> Rotations:
    verify = Call(method="GET", url=f"{provider.url}/v1/account", headers=WITH_KEY)
    return Rotations(Internal(verify=verify), provider.certificates)


def test_both_halves_are_new_and_as_long_as_declared_when_it_rotates() -> None:
    rotations = Rotations(Internal(key_characters=20, secret_characters=100))

    first, second = rotations.rotate(), rotations.rotate()

    for value in (first, second):
        assert [len(value["api_key"]), len(value["api_secret"])] == [20, 100]
        assert set("".join(value.values())) <= set(UNRESERVED)
    assert first["api_key"] != second["api_key"]
    assert first["api_secret"] != second["api_secret"]
    assert rotations.canary().outcome is Outcome.VERIFIED


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"api_secret": 7}, "api_secret is of type int"),
        ({"more": "x"}, "more is not a field"),
        ({"api_key": "short"}, "has a api_key that is not 20 to 128"),
        ({"api_secret": "s" * 257}, "has a api_secret that is not 32 to 256"),
        ({"api_key": "k" * 20 + "%"}, "has a api_key that is not"),
        ({"api_key": "k k"}, "has other characters"),
        ({"api_key": None}, "shares a field"),
    ],
)
@pytest.mark.parametrize("step", [Step.CREATE, Step.SET])
def test_what_is_stored_is_discarded_when_it_is_not_what_was_made(
    changed: dict[str, Any], reason: str, step: Step
) -> None:
    rotations = Rotations()
    current = rotations.rotate()
    token = rotations.start()
    value = {"api_key": "k" * 24, "api_secret": "s" * 64} | changed
    value["api_key"] = value["api_key"] or current["api_key"]
    rotations.store.values[token] = json.dumps(value)

    with pytest.raises(UnusablePendingError, match=reason):
        rotations.step(step, token)

    assert "AWSPENDING" not in rotations.store.labels
    assert rotations.store.current() == current


def test_what_is_stored_is_read_back_before_the_switch() -> None:
    rotations = Rotations()
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    rotations.store.values[token] = json.dumps({"api_key": "k" * 24, "api_secret": "s" * 31})

    with pytest.raises(UnusablePendingError, match="api_secret"):
        rotations.step(Step.TEST, token)


def test_the_verify_call_is_made_by_the_canary_alone_when_one_is_declared(provider: Provider) -> None:
    rotations = _verified(provider)

    rotations.rotate()
    assert provider.requests == []

    with pytest.raises(RotationError) as refused:
        rotations.canary()
    assert refused.value.cause is Cause.CANARY_REFUSED
    assert set(provider.requests) == {"GET /v1/account"}


def test_a_key_is_accepted_when_the_declared_url_accepts_it(provider: Provider) -> None:
    key = provider.keys.create("by hand")
    rotations = _verified(provider)
    rotations.store.values["first"] = json.dumps({"api_key": key.public, "api_secret": key.secret})

    assert rotations.canary().outcome is Outcome.VERIFIED


@pytest.mark.parametrize(("answers", "cause"), [(failing, Cause.CANARY_UNSURE), (refusing, Cause.CANARY_REFUSED)])
def test_only_a_refusal_counts_as_one_when_the_canary_verifies(provider: Provider, answers: Any, cause: Cause) -> None:
    rotations = _verified(provider)
    rotations.rotate()
    provider.answer["GET"] = answers

    with pytest.raises(RotationError) as refused:
        rotations.canary()

    assert refused.value.cause is cause


def test_a_value_is_refused_when_it_is_malformed_and_no_call_is_declared() -> None:
    rotations = Rotations()
    rotations.rotate()
    rotations.rotate()
    rotations.store.values[rotations.store.labels["AWSCURRENT"]] = json.dumps({"api_key": "k"})

    with pytest.raises(RotationError) as refused:
        rotations.canary()

    assert refused.value.cause is Cause.CANARY_ROLLED_BACK


def test_the_form_alone_is_checked_before_a_value_that_people_set_is_current(provider: Provider) -> None:
    made = _verified(provider).strategy()

    assert made.try_out(SecretFields({"api_key": "k", "api_secret": "s"})) is False
    with pytest.raises(RotationError, match="has other characters") as refused:
        made.try_out(SecretFields({"api_key": "k k", "api_secret": "s"}))

    assert refused.value.cause is Cause.BAD_SECRET
    assert provider.requests == []


def test_nothing_is_left_to_do_when_a_value_is_revoked_or_discarded() -> None:
    made = Rotations().strategy()

    assert made.revoke(Revocation(None, cast("Any", None))) == Revoked(in_use=False)
    made.discard(cast("Any", None), None)
