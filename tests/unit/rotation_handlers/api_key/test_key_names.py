"""Names of keys at a provider: a service finds its own and no others."""

import pytest

from alees_secrets.naming import SecretName
from alees_secrets.values import SecretFields
from rotation_handlers.api_key.key_names import KeyNames
from rotation_handlers.api_key.service import Service
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.lambda_context import FakeContext

TOKEN = "01234567-89ab-cdef-0123-456789abcdef"


def _names(service: str = "acme") -> KeyNames:
    secret = SecretName.parse(f"alees/prod/api/{service}/key")
    return KeyNames(
        Service(
            secret=secret,
            settings={},
            certificates=None,
            read_management=lambda: SecretFields({}),
            deadline=Deadline(FakeContext()),
        )
    )


def test_the_version_is_told_when_the_name_is_one_that_was_given() -> None:
    name = _names().name_for(TOKEN)

    assert name == f"alees-prod-acme-{TOKEN}"
    assert _names().version_of(name) == TOKEN


@pytest.mark.parametrize(
    "name",
    [
        None,
        1,
        TOKEN,
        "alees-prod-acme-",
        f"alees-prod-acme-{TOKEN}x",
        f"alees-prod-acme-x{TOKEN}",
        f"alees-dev-acme-{TOKEN}",
        _names("acme-eu").name_for(TOKEN),
        _names("a").name_for(TOKEN),
    ],
)
def test_no_version_is_told_when_the_name_is_anothers(name: object) -> None:
    assert _names().version_of(name) is None


@pytest.mark.parametrize("token", [f"eu-{TOKEN}", TOKEN.upper(), TOKEN[:-1], ""])
def test_no_name_is_given_when_the_versions_id_is_no_uuid(token: str) -> None:
    with pytest.raises(RotationError, match="no UUID") as refused:
        _names().name_for(token)

    assert refused.value.cause is Cause.BAD_EVENT
