import json
import math

import pytest

from alees_secrets import kinds
from alees_secrets.errors import InvalidNameError, InvalidSecretError
from alees_secrets.kinds import (
    HMAC_KEY_CHARACTERS,
    KINDS,
    JwtAlgorithm,
    KindName,
    check_fields,
    is_placeholder,
    kind_of,
)
from alees_secrets.naming import check_path
from tests.fakes.canary import CANARY, exception_texts

VALID: dict[KindName, dict[str, object]] = {
    KindName.DATABASE: {
        "username": "alees",
        "password": CANARY,
        "host": "db.example.com",
        "port": 5432,
        "dbname": "alees",
    },
    KindName.API_KEY: {"api_key": "key", "api_secret": CANARY},
    KindName.JWT: {"secret_key": CANARY * 3, "algorithm": "HS256"},
    KindName.EMAIL: {"host": "smtp.example.com", "port": 587, "username": "alees", "password": CANARY},
}
FIELDS = [(kind, field) for kind, fields in VALID.items() for field in fields]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("database/credentials", KindName.DATABASE),
        ("api/new-service/key", KindName.API_KEY),
        ("api/2checkout/key", KindName.API_KEY),
        ("jwt/credentials", KindName.JWT),
        ("email/credentials", KindName.EMAIL),
    ],
)
def test_kind_is_found_when_path_is_its_own(path: str, name: KindName) -> None:
    assert kind_of(check_path(path)).name is name


@pytest.mark.parametrize(
    "path", ["", "database", "database/credentials/old", "api/key", "api/a/b/key", "jwt/credential"]
)
def test_allowed_paths_are_named_when_path_has_no_kind(path: str) -> None:
    with pytest.raises(InvalidNameError, match=r"allowed are database/credentials, api/\{service-name\}/key, jwt/"):
        kind_of(path)


def test_kinds_and_fields_are_those_of_the_process_document_when_listed() -> None:
    assert {kind.name: set(kind.fields) for kind in KINDS.values()} == {name: set(VALID[name]) for name in KindName}


def test_generated_fields_are_fields_when_listed() -> None:
    for kind in KINDS.values():
        assert kind.generated.keys() <= kind.fields.keys()
        assert all(0 < lowest <= highest for lowest, highest in kind.generated.values())


@pytest.mark.parametrize("name", KindName)
def test_fields_are_accepted_when_valid(name: KindName) -> None:
    check_fields(KINDS[name], VALID[name])


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_field_is_named_when_missing(name: KindName, field: str) -> None:
    fields = {each: value for each, value in VALID[name].items() if each != field}
    with pytest.raises(InvalidSecretError, match=f"^not a valid {name} secret: {field} is missing; its fields are"):
        check_fields(KINDS[name], fields)


@pytest.mark.parametrize(("name", "field"), FIELDS)
@pytest.mark.parametrize("wrong", [None, True, [CANARY], CANARY.encode(), 1.5], ids=lambda value: type(value).__name__)
def test_field_and_types_are_named_when_type_is_wrong(name: KindName, field: str, wrong: object) -> None:
    with pytest.raises(InvalidSecretError, match=f"{field} is of type {type(wrong).__name__}, not a"):
        check_fields(KINDS[name], {**VALID[name], field: wrong})


def test_field_is_named_when_empty() -> None:
    with pytest.raises(InvalidSecretError, match="password is empty"):
        check_fields(KINDS[KindName.DATABASE], {**VALID[KindName.DATABASE], "password": ""})


def test_field_is_named_when_it_is_of_no_use() -> None:
    with pytest.raises(InvalidSecretError, match="engine is not a field of it"):
        check_fields(KINDS[KindName.DATABASE], {**VALID[KindName.DATABASE], "engine": "postgres"})


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_port_is_refused_when_out_of_range(port: int) -> None:
    with pytest.raises(InvalidSecretError, match="port is not between 1 and 65535"):
        check_fields(KINDS[KindName.EMAIL], {**VALID[KindName.EMAIL], "port": port})


@pytest.mark.parametrize("port", [1, 65535])
def test_port_is_accepted_when_at_the_limits(port: int) -> None:
    check_fields(KINDS[KindName.EMAIL], {**VALID[KindName.EMAIL], "port": port})


@pytest.mark.parametrize("algorithm", JwtAlgorithm)
def test_algorithm_is_accepted_when_it_is_one_of_the_six(algorithm: JwtAlgorithm) -> None:
    check_fields(KINDS[KindName.JWT], {**VALID[KindName.JWT], "algorithm": algorithm.value})


@pytest.mark.parametrize("algorithm", ["none", "hs256", "HS256 ", "RS384", "PS256", CANARY])
def test_allowed_algorithms_are_named_when_it_is_none_of_them(algorithm: str) -> None:
    with pytest.raises(
        InvalidSecretError, match="algorithm is none of HS256, HS384, HS512, RS256, ES256, EdDSA; its fields are"
    ) as caught:
        check_fields(KINDS[KindName.JWT], {**VALID[KindName.JWT], "algorithm": algorithm})
    assert CANARY not in "".join(exception_texts(caught.value))


@pytest.mark.parametrize(("algorithm", "bits"), [("HS256", 256), ("HS384", 384), ("HS512", 512)])
def test_fewest_characters_carry_the_hashs_bits_when_the_algorithm_is_hmac(algorithm: str, bits: int) -> None:
    assert HMAC_KEY_CHARACTERS[JwtAlgorithm(algorithm)] == math.ceil(bits / math.log2(len(kinds.UNRESERVED)))


@pytest.mark.parametrize(("algorithm", "fewest"), HMAC_KEY_CHARACTERS.items())
def test_both_lengths_are_named_when_a_key_is_too_short(algorithm: JwtAlgorithm, fewest: int) -> None:
    key = (CANARY * 3)[: fewest - 1]
    with pytest.raises(
        InvalidSecretError, match=f"secret_key has {fewest - 1} characters, {algorithm} needs {fewest} or more"
    ) as caught:
        check_fields(KINDS[KindName.JWT], {"secret_key": key, "algorithm": algorithm.value})
    assert CANARY not in "".join(exception_texts(caught.value))


@pytest.mark.parametrize(("algorithm", "fewest"), HMAC_KEY_CHARACTERS.items())
def test_key_is_accepted_when_just_long_enough(algorithm: JwtAlgorithm, fewest: int) -> None:
    check_fields(KINDS[KindName.JWT], {"secret_key": "k" * fewest, "algorithm": algorithm.value})


def test_all_problems_are_named_when_several() -> None:
    with pytest.raises(InvalidSecretError, match="algorithm is missing; key is not a field of it; secret_key is empty"):
        check_fields(KINDS[KindName.JWT], {"secret_key": "", "key": CANARY})


def test_no_value_is_shown_when_fields_are_refused() -> None:
    with pytest.raises(InvalidSecretError) as caught:
        check_fields(KINDS[KindName.DATABASE], {**VALID[KindName.DATABASE], "port": CANARY, "dbname": [CANARY]})
    assert CANARY not in "".join(exception_texts(caught.value))


def test_placeholder_is_recognized_when_deployed() -> None:
    generated = json.loads(kinds.PLACEHOLDER_TEMPLATE) | {kinds.PLACEHOLDER_KEY: "generated"}
    assert is_placeholder(generated)


@pytest.mark.parametrize("name", KindName)
def test_placeholder_is_not_recognized_when_value_is_real(name: KindName) -> None:
    assert not is_placeholder(VALID[name])


def test_template_is_the_first_one_when_deployed_again() -> None:
    # A change makes CloudFormation write a new value over the real one: https://github.com/aws/aws-cdk/issues/19985
    assert (kinds.PLACEHOLDER_TEMPLATE, kinds.PLACEHOLDER_KEY) == (
        '{"alees_not_initialized":"true"}',
        "alees_placeholder",
    )


def test_characters_need_no_quoting_when_generated() -> None:
    import urllib.parse

    assert urllib.parse.quote(kinds.UNRESERVED, safe="") == kinds.UNRESERVED
    assert len(set(kinds.UNRESERVED)) == len(kinds.UNRESERVED) == 66
