"""Who issues API keys, checked when it is declared."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from config.environments import prod
from config.errors import ConfigError
from config.http_call import Call, Management
from config.http_provider import Http
from config.services import ApiService, Custom, Internal, Provider

WITH_KEY = {"X-Api-Key": "{api_key}"}


def _http() -> Http:
    provider = prod().api_services[1].provider
    assert isinstance(provider, Http)
    return provider


def _check(provider: Provider) -> None:
    ApiService(name="payments", shard=1, provider=provider).check("Prod.api_services")


def _changed(**changes: Any) -> Callable[[], Provider]:
    return lambda: replace(_http(), **changes)


def _call(name: str, **changes: Any) -> Callable[[], Provider]:
    return lambda: replace(_http(), **{name: replace(getattr(_http(), name), **changes)})


def _listed(**changes: Any) -> Callable[[], Provider]:
    return lambda: replace(_http(), listed=replace(_http().listed, **changes))


def _managed(**changes: Any) -> Callable[[], Provider]:
    return lambda: replace(_http(), management=replace(_http().management, **changes))


WHERE = r"Prod\.api_services\[payments\]\.provider"


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        (lambda: Internal(key_characters=19), "key_characters is 19; allowed is a number of characters from 20 to 128"),
        (lambda: Internal(secret_characters=257), "secret_characters is 257; allowed is .* from 32 to 256"),
        (
            lambda: Internal(verify=Call(method="GET", url="https://erp.example/whoami")),
            r"verify is 'a call without it'; allowed is one that uses \{api_key\} or \{api_secret\}",
        ),
        (
            lambda: Internal(verify=Call(method="GET", url="https://erp.example/{api_key}")),
            r"verify.url is '\{api_key\}'; allowed is no placeholder, since URLs are logged",
        ),
        (_call("create", method="HEAD"), "create.method is 'HEAD'; allowed is one of GET, POST"),
        (_call("create", url="http://a.example/"), "create.url is 'http://a.example/'; allowed is an https URL"),
        (_call("list", url="https://user:pw@a.example/"), "list.url is .*; allowed is an https URL"),
        (_call("list", url="https://a.example/\n"), "list.url is .*; allowed is an https URL"),
        (_call("list", headers={"a b": ""}), "list.headers is 'a b'; allowed is names of letters"),
        (_call("list", headers={"A": "\n"}), r"list.headers\['A'\] is .*; allowed is printable ASCII"),
        (_call("create", body={"a": object()}), "create.body is .*; allowed is None, or a mapping"),
        (_call("create", body=["{name}"]), "create.body is .*; allowed is None, or a mapping"),
        (_call("create", body={"name": "fixed"}), r"create is 'a call without it'; allowed is one that uses \{name\}"),
        (
            _listed(id=_http().listed.api_key),
            r"listed.id is .*; allowed is another path than api_key's, since revoke's URL has \{id\} and URLs",
        ),
        (_call("revoke", url="https://a.example/"), r"revoke is .*; allowed is one that uses \{id\}"),
        (
            _call("create", headers={"Authorization": "Bearer {current.api_secret}"}),
            r"create is '\{current.api_secret\}'; allowed is \{management....\}: a call that needs the very key",
        ),
        (
            _call("list", headers={"Authorization": "Bearer {api_key}"}),
            r"list is '\{api_key\}'; allowed is \{management.token\}",
        ),
        (
            _call("create", headers={"A": "{management.other}"}),
            r"create is '\{management.other\}'; allowed is \{management.token\}, \{name\}",
        ),
        (
            _call("create", body={"name": "{name}", "deep": [{"a": "{secret}"}]}),
            r"create is '\{secret\}'; allowed is \{management.token\}, \{name\}",
        ),
        (_call("revoke", url="https://a.example/{id}/{management.token}"), r"revoke.url is .*; allowed is \{id\}"),
        (_call("verify", headers={}), r"verify is .*; allowed is one that uses \{api_key\} or \{api_secret\}"),
        (
            _call("verify", headers={"A": "{management.token}", **WITH_KEY}),
            r"verify is '\{management.token\}'; allowed is \{api_key\}, \{api_secret\}",
        ),
        (_changed(api_key="a..b"), "api_key is 'a..b'; allowed is names joined by dots"),
        (_changed(api_secret=""), "api_secret is ''; allowed is names joined by dots"),
        (_listed(name=None), "listed.name is None; allowed is names joined by dots"),
        (_listed(items=""), "listed.items is ''; allowed is names joined by dots"),
        (_managed(secret="arn:aws:x"), "management.secret is 'arn:aws:x'; allowed is the name"),
        (
            _managed(secret="alees/prod/api/payments/key", fields=("api_key",)),
            "management.secret is 'alees/prod/api/payments/key'; allowed is .* not begin with alees/: .* the very key",
        ),
        (_managed(fields=()), r"management.fields is \(\); allowed is one field or more"),
        (_managed(fields=("A",)), r"management.fields\[0\] is 'A'; allowed is lower-case letters"),
        (_managed(secret_key="key"), "management.secret_key is 'key'; allowed is a key's ARN"),
        (lambda: Custom(provider="acme"), "provider is 'acme'; allowed is a file in providers/: one of http, internal"),
        (lambda: Custom(provider="http", options={"a": object()}), "options is .*; allowed is what JSON can hold"),
        (
            lambda: Custom(provider="http", management=Management(secret="", fields=("token",))),
            "management.secret is ''; allowed is the name",
        ),
    ],
)
def test_field_value_and_what_is_allowed_are_told_when_a_value_is_wrong(
    provider: Callable[[], Provider], message: str
) -> None:
    with pytest.raises(ConfigError, match=f"^{WHERE}.{message}"):
        _check(provider())


@pytest.mark.parametrize(
    "provider",
    [
        Internal(verify=Call(method="GET", url="https://erp.example:8443/whoami", headers=WITH_KEY)),
        _http(),
        replace(_http(), listed=replace(_http().listed, items=None, more=None)),
        replace(_http(), create=replace(_http().create, body=None, url="https://a.example/keys/{name}")),
        Custom(provider="internal", options={"a": [1, "b", None]}, management=_http().management),
    ],
)
def test_a_provider_is_accepted_when_its_values_are_right(provider: Provider) -> None:
    _check(provider)


def test_the_functions_settings_hold_all_that_is_declared() -> None:
    settings = cast("dict[str, dict[str, object]]", _http().settings())

    assert settings.keys() == {"create", "list", "revoke", "verify"}
    assert settings["create"]["api_secret"] == "key.secret"
    assert settings["list"]["more"] == "has_more"
    assert Internal().settings() == {"key_characters": 24, "secret_characters": 64, "verify": None}
    assert Custom(provider="internal", options={"a": 1}).settings() == {"a": 1}
