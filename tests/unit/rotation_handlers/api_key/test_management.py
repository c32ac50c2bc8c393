"""The secret that lets rotation manage keys."""

import json
from typing import Any, cast

import pytest

from rotation_handlers.api_key.management import read_management
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.canary import CANARY, exception_texts
from tests.fakes.secrets_manager import FakeSecretsManager


def _read(value: str, name: str | None = "management") -> dict[str, str | int]:
    store = FakeSecretsManager(others={"management": value})
    return dict(read_management(cast("Any", store), name, ("token",)))


def test_the_declared_fields_alone_are_read_when_it_holds_more() -> None:
    assert _read(json.dumps({"token": "t", "other": "o"})) == {"token": "t"}


@pytest.mark.parametrize(
    "value", ["", CANARY, "[]", "{}", '{"token": 1}', '{"token": ""}', json.dumps({"token": f"{CANARY}\n"})]
)
def test_it_is_refused_without_its_value_when_a_field_cannot_be_sent(value: str) -> None:
    with pytest.raises(RotationError, match="management is no JSON object with token") as refused:
        _read(value)

    assert refused.value.cause is Cause.BAD_SECRET
    assert not any(CANARY in text for text in exception_texts(refused.value))


def test_a_declaration_is_advised_when_there_is_none() -> None:
    with pytest.raises(RotationError, match="declares no management secret") as refused:
        _read("{}", None)

    assert refused.value.cause is Cause.BAD_SETTINGS
