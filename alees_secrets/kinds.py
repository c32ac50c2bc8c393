"""The four kinds of secret, their fields, and what a valid value of each is.

::

    database/credentials       username password host port dbname
    api/{service-name}/key     api_key api_secret
    jwt/credentials            secret_key algorithm
    email/credentials          host port username password
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from alees_secrets.errors import InvalidNameError, InvalidSecretError

_TYPE_NAMES = {str: "a string", int: "an integer"}

PLACEHOLDER_FIELD = "alees_not_initialized"
"""Stands in the value that a secret is deployed with, until its first rotation or ``set``."""

PLACEHOLDER_TEMPLATE = f'{{"{PLACEHOLDER_FIELD}":"true"}}'
"""``SecretStringTemplate`` of every secret. Constant: a changed template makes CloudFormation write a new value
(https://github.com/aws/aws-cdk/issues/19985)."""

PLACEHOLDER_KEY = "alees_placeholder"
"""``GenerateStringKey`` that goes with PLACEHOLDER_TEMPLATE. Nobody reads what it holds."""

UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
"""Characters of generated values: RFC 3986, section 2.3, safe in URLs, connection strings and .pgpass."""


class KindName(StrEnum):
    """What a secret is for."""

    DATABASE = "database"
    API_KEY = "api"
    JWT = "jwt"
    EMAIL = "email"


class JwtAlgorithm(StrEnum):
    """How a JWT secret signs tokens (RFC 7518, section 3.1; EdDSA: RFC 8037, section 3.1)."""

    HS256 = "HS256"
    HS384 = "HS384"
    HS512 = "HS512"
    RS256 = "RS256"
    ES256 = "ES256"
    EDDSA = "EdDSA"


JWT_ALGORITHMS = tuple(JwtAlgorithm)
"""All of them, to look a text up in: before Python 3.12, an enumeration refuses to be asked for one."""

HMAC_KEY_CHARACTERS: Mapping[JwtAlgorithm, int] = MappingProxyType(
    {JwtAlgorithm.HS256: 43, JwtAlgorithm.HS384: 64, JwtAlgorithm.HS512: 85}
)
"""Fewest characters of a key by HMAC algorithm; the other algorithms' keys are PEM.

RFC 7518, section 3.2, wants a key as large as the hash's output: 256, 384 or 512 bits. One random character of
UNRESERVED carries log2(66) = 6.04 bits, so 43, 64 and 85 of them carry 259, 386 and 513."""


class Kind(NamedTuple):
    """One kind of secret.

    Attributes:
        name: What it is for.
        path: Matches the paths of this kind's secrets, whole.
        fields: Field name to type. Every field is required and no other is allowed.
        generated: Fields that a rotation makes up at a configured length, with the smallest and largest allowed for
            them. A JWT secret's key is made up too, at the length that its algorithm requires.
    """

    name: KindName
    path: re.Pattern[str]
    fields: Mapping[str, type]
    generated: Mapping[str, tuple[int, int]]


def _kind(name: KindName, path: str, fields: dict[str, type], generated: dict[str, tuple[int, int]]) -> Kind:
    return Kind(
        name=name, path=re.compile(path), fields=MappingProxyType(fields), generated=MappingProxyType(generated)
    )


KINDS: Mapping[KindName, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            _kind(
                KindName.DATABASE,
                r"database/credentials",
                {"username": str, "password": str, "host": str, "port": int, "dbname": str},
                {"password": (32, 128)},
            ),
            _kind(
                KindName.API_KEY,
                r"api/[a-z0-9][a-z0-9_.-]*/key",
                {"api_key": str, "api_secret": str},
                {"api_key": (20, 128), "api_secret": (32, 256)},
            ),
            _kind(
                KindName.JWT,
                r"jwt/credentials",
                {"secret_key": str, "algorithm": str},
                {},
            ),
            _kind(
                KindName.EMAIL,
                r"email/credentials",
                {"host": str, "port": int, "username": str, "password": str},
                {},
            ),
        )
    }
)


def kind_of(path: str) -> Kind:
    """Return the kind of the secret at *path*.

    Args:
        path: Path below the prefix, such as ``api/billing/key``.

    Raises:
        InvalidNameError: No kind has such a path.
    """
    for kind in KINDS.values():
        if kind.path.fullmatch(path):
            return kind
    raise InvalidNameError(
        f"secret path is {path!r}; allowed are database/credentials, api/{{service-name}}/key, jwt/credentials and "
        "email/credentials"
    )


def is_placeholder(fields: Mapping[str, object]) -> bool:
    """Tell whether *fields* are those of a secret that was deployed and never rotated or set."""
    return PLACEHOLDER_FIELD in fields


def check_fields(kind: Kind, fields: Mapping[str, object]) -> None:
    """Check that *fields* are exactly the kind's, with the right types and none empty.

    A JWT secret's algorithm must be one of JWT_ALGORITHMS and its key long enough for it. Whether a PEM is one is not
    looked at here.

    Raises:
        InvalidSecretError: They are not. The message names fields and types, never values.
    """
    problems = [f"{name} is missing" for name in kind.fields if name not in fields]
    problems += [f"{name} is not a field of it" for name in fields if name not in kind.fields]
    problems += [
        problem
        for name, wanted in kind.fields.items()
        if name in fields and (problem := _field_problem(name, wanted, fields[name]))
    ]
    if kind.name is KindName.JWT and not problems:
        problems = _jwt_problems(str(fields["algorithm"]), str(fields["secret_key"]))
    if problems:
        allowed = ", ".join(f"{name} ({_TYPE_NAMES[wanted]})" for name, wanted in kind.fields.items())
        raise InvalidSecretError(f"not a valid {kind.name} secret: {'; '.join(problems)}; its fields are {allowed}")


def _field_problem(name: str, wanted: type, value: object) -> str | None:
    if type(value) is not wanted:
        return f"{name} is {_described(value)}, not {_TYPE_NAMES[wanted]}"
    if value == "":
        return f"{name} is empty"
    if name == "port" and isinstance(value, int) and not 1 <= value <= 65535:  # noqa: PLR2004 - RFC 793, a 16-bit number
        return "port is not between 1 and 65535"
    return None


def _jwt_problems(algorithm: str, secret_key: str) -> list[str]:
    # The algorithm isn't shown: whoever mixed the two fields up put the key there.
    if algorithm not in JWT_ALGORITHMS:
        return [f"algorithm is none of {', '.join(JWT_ALGORITHMS)}"]
    fewest = HMAC_KEY_CHARACTERS.get(JwtAlgorithm(algorithm), 1)
    if len(secret_key) < fewest:
        return [f"secret_key has {len(secret_key)} characters, {algorithm} needs {fewest} or more"]
    return []


def _described(value: object) -> str:
    return f"of type {type(value).__name__}"
