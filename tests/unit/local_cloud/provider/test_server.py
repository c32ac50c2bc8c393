"""The local provider's REST API, as a client sees it."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rotation_handlers.api_key.https import Answer, Https, Request
from rotation_handlers.deadline import Deadline
from tests.fakes.lambda_context import FakeContext
from tests.fakes.provider import TOKEN, Provider, running_provider


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    """A provider without keys."""
    with running_provider(tmp_path) as running:
        yield running


def _ask(provider: Provider, method: str, path: str, token: str = TOKEN, body: object = None) -> Answer:
    headers = {"Authorization": f"Bearer {token}"}
    request = Request(method=method, url=provider.url + path, headers=headers, body=body)
    return Https(Deadline(FakeContext()), provider.certificates).send(request)


def test_a_key_is_made_listed_and_ended(provider: Provider) -> None:
    made: Any = _ask(provider, "POST", "/v1/keys", body={"name": "a"}).document()
    key = made["key"]

    assert provider.keys.accept(key["public"], key["secret"])
    listed = _ask(provider, "GET", "/v1/keys").document()
    assert listed == {"data": [{"id": key["id"], "name": "a", "public": key["public"]}], "has_more": False}
    assert key["secret"] not in json.dumps(listed)
    assert [_ask(provider, "DELETE", f"/v1/keys/{key['id']}").status for _ in range(2)] == [204, 404]
    assert provider.keys.list() == []


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/keys"), ("POST", "/v1/keys"), ("DELETE", "/v1/keys/k1")])
def test_nothing_happens_when_the_token_is_wrong(provider: Provider, method: str, path: str) -> None:
    key = provider.keys.create("a")

    assert _ask(provider, method, path, token=str(uuid.uuid4()), body={"name": "b"}).status == 401
    assert provider.keys.list() == [key]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", None, 404),
        ("POST", "/", {"name": "a"}, 404),
        ("POST", "/v1/keys", None, 400),
        ("POST", "/v1/keys", [], 400),
        ("POST", "/v1/keys", {}, 400),
        ("GET", "/v1/account", None, 401),
    ],
)
def test_the_request_is_refused_when_it_is_none_of_the_api(
    provider: Provider, method: str, path: str, body: object, status: int
) -> None:
    assert _ask(provider, method, path, body=body).status == status


def test_another_key_is_refused_when_as_many_as_may_be_are_live(provider: Provider) -> None:
    for _ in range(2):
        provider.keys.create("a")

    assert _ask(provider, "POST", "/v1/keys", body={"name": "b"}).status == 409
