"""The canary on a real PostgreSQL: what it takes for a refusal, and that what it goes back to works."""

import json
import socket
from dataclasses import replace
from typing import Any, cast

import pytest

from rotation_handlers.edge import handle
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.rotation import Outcome, Step
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.canary import exception_texts
from tests.fakes.lambda_context import FakeContext
from tests.fakes.rotations import Rotations
from tests.fakes.secrets_manager import ARN

pytestmark = pytest.mark.servers

EVENT = {
    "source": "aws.secretsmanager",
    "detail-type": "AWS Service Event via CloudTrail",
    "detail": {"eventName": "RotationSucceeded", "additionalEventData": {"SecretId": ARN}},
}


@pytest.fixture
def rotated(rotations: Rotations) -> Rotations:
    """A secret that was rotated twice: both logins work."""
    rotations.rotate()
    rotations.rotate()
    return rotations


def _alter(rotated: Rotations, login: str, change: str) -> None:
    with rotated.server.as_admin(rotated.settings.name) as connection:
        connection.execute(f"ALTER ROLE {login} {change}")


def _refuse(rotated: Rotations, label: str = "AWSCURRENT") -> None:
    """Have PostgreSQL refuse a version, as if somebody had changed the login's password by hand."""
    fields = json.loads(rotated.store.values[rotated.store.labels[label]] or "")
    _alter(rotated, fields["username"], "PASSWORD 'only-for-this-test'")


def _stays(rotated: Rotations, cause: Cause, reason: str) -> None:
    """Check that the canary only raises the alarm, and says why."""
    before = dict(rotated.store.labels)

    with pytest.raises(RotationError) as caught:
        rotated.canary()

    assert caught.value.cause is cause
    assert reason in str(caught.value)
    assert rotated.store.labels == before


@pytest.mark.parametrize("logins", [1, 2])
def test_nothing_moves_when_the_new_login_works(rotations: Rotations, logins: int) -> None:
    rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:logins])
    rotations.rotate()
    rotations.rotate()
    before = dict(rotations.store.labels)

    assert rotations.canary().outcome is Outcome.VERIFIED
    assert rotations.store.labels == before


@pytest.mark.parametrize("refusal", ["PASSWORD 'only-for-this-test'", "NOLOGIN"])
def test_current_works_again_when_the_new_login_is_refused_after_the_switch(rotated: Rotations, refusal: str) -> None:
    _alter(rotated, rotated.store.current()["username"], refusal)

    with pytest.raises(RotationError) as caught:
        rotated.canary()

    assert caught.value.cause is Cause.CANARY_ROLLED_BACK
    rotated.login(rotated.store.current()).close()


def test_the_next_rotation_mends_the_refused_login_when_current_moved_back(rotated: Rotations) -> None:
    refused = rotated.store.current()
    _refuse(rotated)
    with pytest.raises(RotationError):
        rotated.canary()

    mended = rotated.rotate()

    assert mended["username"] == refused["username"]
    rotated.login(mended).close()
    assert rotated.canary().outcome is Outcome.VERIFIED


def test_nothing_moves_when_the_network_is_down(rotated: Rotations) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        rotated.settings = replace(rotated.settings, port=port)
        for version in (rotated.store.labels["AWSCURRENT"], rotated.store.labels["AWSPREVIOUS"]):
            fields = json.loads(rotated.store.values[version] or "")
            rotated.store.values[version] = json.dumps(fields | {"port": port})

        _stays(rotated, Cause.CANARY_UNSURE, "network: PostgreSQL could not be reached")


def test_nothing_moves_when_the_new_login_has_no_connection_left(rotated: Rotations) -> None:
    _alter(rotated, rotated.store.current()["username"], "CONNECTION LIMIT 0")

    _stays(rotated, Cause.CANARY_UNSURE, "database: ")


def test_nothing_moves_when_the_new_login_acts_as_another_role(rotated: Rotations) -> None:
    _alter(rotated, rotated.store.current()["username"], "RESET role")

    _stays(rotated, Cause.CANARY_UNSURE, "privilege: ")


def test_nothing_moves_when_the_time_is_used_up(rotated: Rotations) -> None:
    rotated.seconds = 1.0

    _stays(rotated, Cause.CANARY_UNSURE, "deadline: ")


def test_nothing_moves_when_the_login_before_is_refused_too(rotated: Rotations) -> None:
    _refuse(rotated)
    _refuse(rotated, "AWSPREVIOUS")

    _stays(rotated, Cause.CANARY_REFUSED, "was not moved back (authentication: ")


def test_nothing_moves_when_the_version_before_is_revoked(rotated: Rotations) -> None:
    _refuse(rotated)
    rotated.store.labels["alees-revoked"] = rotated.store.labels["AWSPREVIOUS"]

    _stays(rotated, Cause.CANARY_REFUSED, "is revoked")


@pytest.mark.parametrize("step", [None, Step.CREATE, Step.SET])
def test_nothing_moves_when_a_newer_rotation_is_under_way(rotated: Rotations, step: Step | None) -> None:
    _refuse(rotated)
    token = rotated.start()
    for each in list(Step)[: list(Step).index(step) + 1] if step else []:
        rotated.step(each, token)

    _stays(rotated, Cause.CANARY_REFUSED, "a newer rotation is under way")


def test_it_leaves_off_when_a_newer_rotation_ends_meanwhile(rotated: Rotations) -> None:
    _refuse(rotated)
    newer: list[dict[str, Any]] = []

    def rotate(_seconds: float) -> None:
        if not newer:
            newer.append(rotated.rotate())

    assert rotated.canary(rotate).outcome is Outcome.SUPERSEDED
    assert rotated.store.current() == newer[0]


def test_nothing_moves_when_the_version_before_names_another_endpoint(rotated: Rotations) -> None:
    _refuse(rotated)
    previous = rotated.store.labels["AWSPREVIOUS"]
    fields = json.loads(rotated.store.values[previous] or "")
    rotated.store.values[previous] = json.dumps(fields | {"host": "former.example"})

    _stays(rotated, Cause.CANARY_REFUSED, "names another endpoint")


def test_nothing_moves_when_the_current_value_lacks_a_field(rotated: Rotations) -> None:
    current = rotated.store.labels["AWSCURRENT"]
    rotated.store.values[current] = json.dumps({"username": rotated.settings.logins[0]})

    _stays(rotated, Cause.CANARY_UNSURE, "password is missing")


def test_nothing_moves_when_the_only_login_is_refused(rotations: Rotations) -> None:
    rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:1])
    rotations.rotate()
    rotations.rotate()
    _refuse(rotations)

    _stays(rotations, Cause.CANARY_REFUSED, "was not moved back (authentication: ")


def test_no_value_or_user_name_is_told_when_the_new_login_is_refused(
    rotated: Rotations, capsys: pytest.CaptureFixture[str]
) -> None:
    values = [json.loads(value or "") for value in rotated.store.values.values() if "password" in str(value)]
    _refuse(rotated)

    with pytest.raises(
        RotationStepFailed, match="^canary-rolled-back: .*see docs/runbooks/rotation.md#canary-"
    ) as caught:
        handle(EVENT, FakeContext(), cast("Any", rotated.store), lambda _, deadline: rotated.strategy(deadline))

    told = "".join([*capsys.readouterr(), *exception_texts(caught.value)])
    assert '"step": "canary", "outcome": "failed"' in told
    assert len(values) == 2
    assert [each for each in values if each["password"] in told or each["username"] in told] == []
