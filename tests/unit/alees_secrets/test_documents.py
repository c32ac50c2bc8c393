import json
import re

import pytest

from alees_secrets import InvalidSecretError, SecretDamagedError, SecretFields, SecretNotInitializedError, VersionStage
from alees_secrets.documents import MAX_DOCUMENT_BYTES, check_length, decode, encode
from alees_secrets.kinds import PLACEHOLDER_KEY, PLACEHOLDER_TEMPLATE
from alees_secrets.naming import SecretName
from tests.fakes.canary import CANARY, exception_texts

DATABASE = SecretName("prod", "database/credentials")
JWT = SecretName("prod", "jwt/credentials")
FIELDS: dict[str, str | int] = {
    "username": "alees",
    "password": CANARY,
    "host": "db.example.com",
    "port": 5432,
    "dbname": "alees",
}


def test_same_fields_come_back_when_encoded_and_decoded() -> None:
    fields = SecretFields({**FIELDS, "password": 'ü"\\\n\ud800'})
    assert decode(DATABASE, VersionStage.CURRENT, encode(fields)) == fields


def test_unknown_fields_are_left_out_when_stored() -> None:
    document = json.dumps({**FIELDS, "engine": "postgres", "tags": [1]})
    assert decode(DATABASE, VersionStage.CURRENT, document) == SecretFields(FIELDS)


def test_command_is_named_when_value_is_the_placeholder() -> None:
    document = json.dumps({**json.loads(PLACEHOLDER_TEMPLATE), PLACEHOLDER_KEY: CANARY})
    error = decode(DATABASE, VersionStage.CURRENT, document)
    assert isinstance(error, SecretNotInitializedError)
    assert str(error) == (
        "secret alees/prod/database/credentials at AWSCURRENT still holds the placeholder that it was deployed with; "
        "give it a value with update_secret, or rotate it: "
        './alees-secrets rotate database/credentials --reason "no usable value"'
    )
    assert CANARY not in "".join(exception_texts(error))


@pytest.mark.parametrize("document", [None, "", CANARY, f'["{CANARY}"]', f'{{"password": "{CANARY}"', "NaN"], ids=str)
def test_damage_is_told_when_value_is_no_object(document: str | None) -> None:
    error = decode(DATABASE, VersionStage.PREVIOUS, document)
    assert isinstance(error, SecretDamagedError)
    assert str(error) == (
        "secret alees/prod/database/credentials at AWSPREVIOUS is not a JSON object; give it a value with "
        'update_secret, or rotate it: ./alees-secrets rotate database/credentials --reason "no usable value"'
    )
    assert CANARY not in "".join(exception_texts(error))


def test_fields_alone_are_named_when_some_are_missing_or_wrong() -> None:
    document = json.dumps({**FIELDS, "port": CANARY, "dbname": ""} | {"host": None})
    error = decode(DATABASE, VersionStage.CURRENT, document)
    assert isinstance(error, SecretDamagedError)
    assert re.search("host is of type NoneType, .*; port is of type str, .*; dbname is", str(error))
    assert CANARY not in "".join(exception_texts(error))


def _fields_of(length: int) -> SecretFields:
    """Return fields that take *length* bytes when stored."""
    overhead = len(json.dumps({"secret_key": "", "algorithm": "RS256"}))
    return SecretFields({"secret_key": "k" * (length - overhead), "algorithm": "RS256"})


def test_value_is_accepted_when_it_is_as_long_as_allowed() -> None:
    fields = _fields_of(MAX_DOCUMENT_BYTES)
    check_length(JWT, fields)
    assert len(encode(fields)) == 65_536


def test_value_is_refused_when_longer_than_allowed() -> None:
    with pytest.raises(InvalidSecretError, match="would take 65537 bytes; Secrets Manager allows 65536"):
        check_length(JWT, _fields_of(MAX_DOCUMENT_BYTES + 1))
