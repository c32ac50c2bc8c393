"""When another version has the credential that is revoked, where nothing but labels ends one."""

from typing import Any, cast

import pytest

from alees_secrets.values import SecretFields
from rotation_handlers.api_key.providers.internal import GeneratedPair
from rotation_handlers.email.manual import ManualEmail
from rotation_handlers.jwt.generated_key import GeneratedKey
from rotation_handlers.strategy import Revocation, Strategy

_NOTHING = cast("Any", None)
_JWT = GeneratedKey(_NOTHING), {"secret_key": "k", "algorithm": "HS256"}
_PAIR = GeneratedPair({}, None, _NOTHING), {"api_key": "k", "api_secret": "s"}
_EMAIL = ManualEmail(_NOTHING, _NOTHING), {"host": "h", "port": 587, "username": "u", "password": "p"}


@pytest.mark.parametrize(
    ("kind", "change", "in_use"),
    [
        (_JWT, {"algorithm": "HS512", "more": "x"}, True),
        (_JWT, {"secret_key": "another"}, False),
        (_PAIR, {"more": "x"}, True),
        (_PAIR, {"api_secret": "another"}, False),
        (_EMAIL, {"port": 25, "more": "x"}, True),
        (_EMAIL, {"host": "another"}, False),
        (_EMAIL, {"username": "another"}, False),
        (_EMAIL, {"password": "another"}, False),
    ],
)
@pytest.mark.parametrize("by", ["current", "previous"])
def test_a_credential_is_in_use_when_current_or_the_version_before_has_it(
    kind: tuple[Strategy, dict[str, str | int]], change: dict[str, str | int], by: str, *, in_use: bool
) -> None:
    strategy, fields = kind
    other = SecretFields(fields | change)
    current, previous = (other, None) if by == "current" else (SecretFields({}), other)

    assert strategy.revoke(Revocation(SecretFields(fields), current, previous)).in_use is in_use
    assert not strategy.revoke(Revocation(None, current, previous)).in_use
