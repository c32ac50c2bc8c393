"""Requests made of declared calls."""

import pytest

from rotation_handlers.api_key.templates import can_be_sent, request_of

CALL = {
    "method": "POST",
    "url": "https://a.example/{id}/{name}",
    "headers": {"A": "Bearer {management.token}", "B": "{other} {}"},
    "body": {"name": "{name}", "list": ["{name}", 1, None], "{name}": True},
}


def test_values_stand_where_their_placeholders_stood() -> None:
    request = request_of(CALL, {"id": "a/b?c", "name": "n", "management.token": "{name}"})

    assert request.method == "POST"
    assert request.url == "https://a.example/a%2Fb%3Fc/n"
    assert request.headers == {"A": "Bearer {name}", "B": "{other} {}"}
    assert request.body == {"name": "n", "list": ["n", 1, None], "{name}": True}


def test_there_is_no_body_when_none_is_declared() -> None:
    assert request_of({**CALL, "body": None}, {}).body is None


@pytest.mark.parametrize(
    ("value", "can"), [("a~!", True), ("", False), ("a b", False), ("a\n", False), ("\u00e9", False), (1, False)]
)
def test_only_printable_ascii_without_spaces_can_be_sent(value: object, *, can: bool) -> None:
    assert can_be_sent(value) is can
