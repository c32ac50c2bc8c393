"""What the function's package says of each service."""

import json
from pathlib import Path

import pytest

from rotation_handlers.api_key.service import Declaration, read_declaration
from rotation_handlers.errors import Cause, RotationError

NAME = "alees/local/api/payments/key"
DECLARED = {
    "provider": "http",
    "settings": {"a": 1},
    "management": "management",
    "management_fields": ["token"],
    "certificates": None,
}


def _document(folder: Path, content: object) -> Path:
    file = folder / "services.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_the_declaration_is_read_when_the_package_holds_it(tmp_path: Path) -> None:
    secret, declaration = read_declaration(NAME, _document(tmp_path, {NAME: DECLARED}))

    assert str(secret) == NAME
    assert declaration == Declaration(
        provider="http",
        settings={"a": 1},
        management="management",
        management_fields=("token",),
        certificates=None,
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "is none of the services"),
        ("{", "is damaged"),
        ({NAME: {**DECLARED, "more": 1}}, "is damaged"),
        ({NAME: []}, "is damaged"),
    ],
)
def test_a_deployment_is_advised_when_the_package_lacks_it(tmp_path: Path, content: object, message: str) -> None:
    with pytest.raises(RotationError, match=f"{message}.*; deploy the API keys' stack again") as refused:
        read_declaration(NAME, _document(tmp_path, content))

    assert refused.value.cause is Cause.BAD_SETTINGS


def test_a_deployment_is_advised_when_there_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(RotationError, match="services.json cannot be read"):
        read_declaration(NAME, tmp_path / "services.json")


def test_a_secret_is_refused_when_its_name_breaks_the_convention(tmp_path: Path) -> None:
    with pytest.raises(RotationError, match="is damaged"):
        read_declaration("x", _document(tmp_path, {"x": DECLARED}))
