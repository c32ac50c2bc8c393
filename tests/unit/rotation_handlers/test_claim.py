"""What a rotation may rely on while its target makes the new value."""

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from rotation_handlers.claim import Claim
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.versions import SecretVersions
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager

TOKEN = "new"


@pytest.fixture
def store() -> FakeSecretsManager:
    """A secret with three versions, the newest of which has no value yet."""
    values: dict[str, str | None] = {"older": "{}", "old": "{}", TOKEN: None}
    return FakeSecretsManager(values=values, labels={"AWSCURRENT": "old", "AWSPREVIOUS": "older", "AWSPENDING": TOKEN})


def _claim(store: FakeSecretsManager) -> Claim:
    return Claim(SecretVersions(cast("Any", store), ARN, TOKEN, Deadline(FakeContext())), "old")


def test_the_labels_are_told_when_nothing_has_moved(store: FakeSecretsManager) -> None:
    claim = _claim(store)

    assert claim.token == TOKEN
    assert claim.require().current == "old"


def _newer(store: FakeSecretsManager) -> None:
    store.start_rotation("newer")


def _switched_off(store: FakeSecretsManager) -> None:
    store.rotates = False


def _rolled_back(store: FakeSecretsManager) -> None:
    store.labels |= {"AWSCURRENT": "older", "AWSPREVIOUS": "old"}


def _stored(store: FakeSecretsManager) -> None:
    store.values[TOKEN] = json.dumps({"api_key": "by another delivery"})


@pytest.mark.parametrize(
    ("happens", "cause"),
    [
        (_newer, Cause.OVERTAKEN),
        (_switched_off, Cause.ROTATION_OFF),
        (_rolled_back, Cause.OVERTAKEN),
        (_stored, Cause.OVERTAKEN),
    ],
)
@pytest.mark.parametrize("act", [Claim.require, Claim.retire_previous])
def test_the_rotation_may_not_go_on_when_something_has_moved(
    store: FakeSecretsManager,
    happens: Callable[[FakeSecretsManager], None],
    cause: Cause,
    act: Callable[[Claim], object],
) -> None:
    happens(store)
    labels = dict(store.labels)

    with pytest.raises(RotationError) as refused:
        act(_claim(store))

    assert refused.value.cause is cause
    assert store.labels == labels


def test_the_version_before_is_retired_when_there_is_one(store: FakeSecretsManager) -> None:
    for _ in range(2):
        _claim(store).retire_previous()

    assert store.labels == {"AWSCURRENT": "old", "alees-revoked": "older", "AWSPENDING": TOKEN}
