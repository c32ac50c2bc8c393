"""What people do to the JWT secret by hand: there is no target, the labels say it all."""

from typing import Any, cast

import pytest

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.edge import handle
from rotation_handlers.jwt.generated_key import GeneratedKey
from rotation_handlers.jwt.settings import JwtSettings
from rotation_handlers.rotation import Outcome, Step
from tests.fakes.hand import WHO
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN
from tests.unit.rotation_handlers.jwt.rotating import JwtRotations, token_of, verifies


def _do(rotations: JwtRotations, operation: str, **more: object) -> Any:
    strategy = GeneratedKey(JwtSettings(algorithm=rotations.algorithm))
    event = {"Operation": operation, "SecretId": ARN, **WHO, **more}
    return handle(event, FakeContext(), cast("Any", rotations.store), lambda *_: strategy)


@pytest.fixture
def rotations() -> JwtRotations:
    """A secret that was rotated twice."""
    made = JwtRotations(JwtAlgorithm.ES256)
    made.rotate()
    made.rotate()
    return made


def test_a_revoked_key_is_at_no_stage_that_tokens_are_verified_with(rotations: JwtRotations) -> None:
    before = rotations.store.labels["AWSPREVIOUS"]
    token = token_of(rotations.store.fields(before))

    _do(rotations, "revoke", VersionId=before)

    assert rotations.store.labels == {
        "AWSCURRENT": rotations.store.labels["AWSCURRENT"],
        "alees-revoked": before,
        "AWSPENDING": rotations.store.labels["AWSCURRENT"],
    }
    assert not verifies(token, rotations.store.current())
    assert rotations.canary().outcome is Outcome.VERIFIED
    rotations.rotate()
    assert rotations.current_works()


@pytest.mark.parametrize("done", range(4))
def test_a_rotation_that_stopped_after_any_step_is_finished_or_given_up(rotations: JwtRotations, done: int) -> None:
    before = rotations.store.current()
    token = rotations.start()
    for step in list(Step)[:done]:
        rotations.step(step, token)

    told = _do(rotations, "diagnose", VersionId=token)
    assert (told["step"], told["usable"]) == ("finishSecret" if done else "createSecret", True)
    _do(rotations, "discard", VersionId=token)

    assert rotations.store.current() == before
    assert "AWSPENDING" not in rotations.store.labels
    rotations.rotate()
    assert rotations.current_works()
