"""Build and parse the names of secrets: ``alees/{environment}/{service}/{secret-name}``.

The only place that knows the convention. Names follow AWS's rules for Secrets Manager
(https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, "Name").
"""

import re
from dataclasses import dataclass
from typing import Self

from alees_secrets.errors import InvalidNameError

ROOT = "alees"
"""The first part of every secret's name, key alias and role path."""

OPERATION_TAGS = ("alees:last-operation", "alees:reason", "alees:incident", "alees:caller", "alees:operated-at")
"""Keys of the tags that tell of the last change of a secret by hand. No policy reads them."""

TRAIL_LOG_GROUP = "/alees/trail"
"""Log group, in an account's home region, of the trail that its own stack makes."""

MAX_NAME_LENGTH = 512

_ENVIRONMENT = re.compile(r"[a-z][a-z0-9]{1,15}")
_SEGMENT = re.compile(r"[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?")
# Secrets Manager appends a hyphen and six characters to make an ARN; a name that ends
# so by itself is mistaken for a complete ARN suffix.
_LOOKS_LIKE_ARN_SUFFIX = re.compile(r".*-[A-Za-z0-9]{6}")


def check_environment(environment: str) -> str:
    """Return *environment* unchanged if it can stand in a secret's name.

    Args:
        environment: Lower-case name such as ``prod``; 2 to 16 letters and digits.

    Raises:
        InvalidNameError: It cannot.
    """
    if not _ENVIRONMENT.fullmatch(environment):
        raise InvalidNameError(
            f"environment is {environment!r}; allowed is a lower-case letter and 1 to 15 lower-case letters or digits, "
            "such as prod"
        )
    return environment


def check_path(path: str) -> str:
    """Return *path* unchanged if it can stand below the prefix of a secret's name.

    Args:
        path: Two or more lower-case segments joined by ``/``, such as ``database/credentials``.

    Raises:
        InvalidNameError: It cannot; among the reasons is that it is a whole name or an ARN.
    """
    segments = path.split("/")
    if path.startswith("arn:") or segments[0] == ROOT:
        raise InvalidNameError(
            f"secret path is {path!r}; give only what follows alees/{{environment}}/, such as database/credentials"
        )
    if len(segments) < 2 or not all(_SEGMENT.fullmatch(segment) for segment in segments):  # noqa: PLR2004 - service/name
        raise InvalidNameError(
            f"secret path is {path!r}; allowed are two or more segments of lower-case letters, digits, '-', '_' and "
            "'.', joined by '/', such as database/credentials"
        )
    if _LOOKS_LIKE_ARN_SUFFIX.fullmatch(path):
        raise InvalidNameError(
            f"secret path is {path!r}; it may not end in a hyphen and six characters, which Secrets Manager takes for "
            "the end of an ARN; choose a longer or shorter last word"
        )
    return path


@dataclass(frozen=True, slots=True)
class SecretName:
    """The name of one secret in one environment.

    Attributes:
        environment: Lower-case name of the environment, such as ``prod``.
        path: What follows the prefix, such as ``database/credentials``.

    Raises:
        InvalidNameError: Either part breaks the convention, or the whole is longer than 512 characters.
    """

    environment: str
    path: str

    def __post_init__(self) -> None:
        check_environment(self.environment)
        check_path(self.path)
        if len(str(self)) > MAX_NAME_LENGTH:
            raise InvalidNameError(
                f"secret name has {len(str(self))} characters; Secrets Manager allows {MAX_NAME_LENGTH}; "
                "choose a shorter path"
            )

    def __str__(self) -> str:
        return f"{prefix(self.environment)}{self.path}"

    @classmethod
    def parse(cls, full_name: str) -> Self:
        """Return the parts of a whole name such as ``alees/prod/database/credentials``.

        Raises:
            InvalidNameError: *full_name* does not follow the convention.
        """
        root, _, rest = full_name.partition("/")
        environment, _, path = rest.partition("/")
        if root != ROOT or not path:
            raise InvalidNameError(
                f"secret name is {full_name!r}; allowed is alees/{{environment}}/{{service}}/{{secret-name}}"
            )
        return cls(environment=environment, path=path)

    def arn_pattern(self, *, partition: str, region: str, account: str) -> str:
        """Return an ARN pattern for IAM that matches exactly this secret.

        Secrets Manager ends ARNs in a hyphen and six random characters, so the pattern ends in ``-??????``
        (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html).
        """
        return f"arn:{partition}:secretsmanager:{region}:{account}:secret:{self}-??????"


def prefix(environment: str) -> str:
    """Return what every secret's name in *environment* starts with, such as ``alees/prod/``."""
    return f"{ROOT}/{check_environment(environment)}/"


def key_alias(environment: str, domain: str) -> str:
    """Return the alias of the KMS key that encrypts one domain's secrets, such as ``alias/alees/prod/database``."""
    return f"alias/{prefix(environment)}{domain}"


def role_path(environment: str) -> str:
    """Return the IAM path of every role in *environment*, such as ``/alees/prod/``."""
    return f"/{prefix(environment)}"


def role_name(environment: str, duty: str) -> str:
    """Return the name of the role that has one duty in *environment*, such as ``alees-prod-application``.

    Role names are unique in an account whatever their path, so the environment stands in the name too.
    """
    return f"{ROOT}-{check_environment(environment)}-{duty}"


def smtp_user(environment: str) -> str:
    """Return the name of the IAM user that sends the mail of *environment*, such as ``alees-prod-smtp``.

    Its path is that of the roles.
    """
    return f"{ROOT}-{check_environment(environment)}-smtp"


def updates_topic(environment: str) -> str:
    """Return the name of the topic that tells of changed secrets, such as ``alees-prod-secret-updates``."""
    return f"{ROOT}-{check_environment(environment)}-secret-updates"
