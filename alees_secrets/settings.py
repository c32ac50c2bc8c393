"""Which environment's secrets to use, and in which region."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from alees_secrets.errors import ConfigurationError
from alees_secrets.naming import ROOT, check_environment

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_PREFIX = re.compile(rf"{ROOT}/(?:(?P<environment>[^/]+)/)?")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the secrets are.

    Attributes:
        environment: Lower-case name of the environment, such as ``prod``.
        region: AWS region, such as ``eu-central-1``.

    Raises:
        ConfigurationError: Either cannot be right.
    """

    environment: str
    region: str

    def __post_init__(self) -> None:
        check_environment(self.environment)
        if not _REGION.fullmatch(self.region):
            raise ConfigurationError(f"AWS region is {self.region!r}; allowed is a region's code, such as eu-central-1")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Return the settings that environment variables give. An empty variable counts as absent.

        Args:
            environ: Read when called. ``AWS_REGION``, else ``AWS_DEFAULT_REGION``, gives the region.
                ``AWS_SECRETS_PREFIX`` gives the environment (``alees/prod/``) or leaves it to ``ALEES_ENVIRONMENT``
                (``alees/``, which is also the default); where both give it, they must agree.

        Raises:
            ConfigurationError: A variable is missing or wrong. One error names all that are missing.
        """
        region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or ""
        environment, problem = _environment(
            environ.get("AWS_SECRETS_PREFIX") or f"{ROOT}/", environ.get("ALEES_ENVIRONMENT") or None
        )
        problems = [] if region else ["the AWS region is not set; set AWS_REGION, such as AWS_REGION=eu-central-1"]
        problems += [problem] if problem else []
        if problems:
            raise ConfigurationError("; and ".join(problems))
        return cls(environment=environment, region=region)


def _environment(prefix: str, named: str | None) -> tuple[str, str | None]:
    """Return the environment's name, and what is wrong with *prefix* and *named* if it cannot be told."""
    match = _PREFIX.fullmatch(prefix)
    if match is None:
        return "", (
            f"AWS_SECRETS_PREFIX is {prefix!r}; allowed is {ROOT}/, with the environment in ALEES_ENVIRONMENT, or one "
            f"with the environment in it, such as {ROOT}/prod/"
        )
    prefixed = match["environment"]
    if prefixed and named and prefixed != named:
        return "", f"AWS_SECRETS_PREFIX is {prefix!r} but ALEES_ENVIRONMENT is {named!r}; give one, or make them agree"
    environment = prefixed or named
    if environment is None:
        return "", (
            "the environment is not set; set ALEES_ENVIRONMENT, such as ALEES_ENVIRONMENT=prod, or name it in "
            f"AWS_SECRETS_PREFIX, such as AWS_SECRETS_PREFIX={ROOT}/prod/"
        )
    return environment, None
