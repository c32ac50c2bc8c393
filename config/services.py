"""The services that the ERP has API keys for, and who issues each one's key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alees_secrets.kinds import KINDS, KindName
from config.checks import check_pattern, check_range
from config.errors import refuse
from config.http_call import Call, Management, check_verify
from config.http_provider import Http

PROVIDERS = Path(__file__).parent.parent / "rotation_handlers" / "api_key" / "providers"
"""Where each provider has its file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Internal:
    """Alees itself issues the key, for those who call the ERP, which asks ``SecretsManager.accepts_api_key``.

    Attributes:
        verify: Uses a new key after it is AWSCURRENT, as callers do, with ``{api_key}`` and ``{api_secret}``. The ERP
            cannot know it before. 2xx accepts it, 401 and 403 refuse it, all else tells nothing. None checks the form.
        certificate_authority: PEM file to verify that call's server with. The default is what the system trusts.
        key_characters: Characters of a generated ``api_key``.
        secret_characters: Characters of a generated ``api_secret``.
    """

    verify: Call | None = None
    certificate_authority: Path | None = None
    key_characters: int = 24
    secret_characters: int = 64

    provider = "internal"
    management = None

    def check(self, where: str) -> None:
        """Refuse wrong values; *where* this object stands."""
        if self.verify is not None:
            check_verify(f"{where}.verify", self.verify)
        bounds = KINDS[KindName.API_KEY].generated
        check_range(f"{where}.key_characters", self.key_characters, *bounds["api_key"], "a number of characters")
        check_range(
            f"{where}.secret_characters", self.secret_characters, *bounds["api_secret"], "a number of characters"
        )

    def settings(self) -> Mapping[str, object]:
        """Return what the function is given, as JSON may hold it; without values of secrets."""
        verify = None if self.verify is None else self.verify.settings()
        return {
            "key_characters": self.key_characters,
            "secret_characters": self.secret_characters,
            "verify": verify,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Custom:
    """A provider with a file of its own in rotation_handlers/api_key/providers; CONTRIBUTING.md shows one.

    Attributes:
        provider: Name of its file, without ``.py``.
        options: What the file is given, as JSON may hold it. Never values of secrets.
        management: A secret that the file may read.
        certificate_authority: PEM file that the file verifies servers with. The default is what the system trusts.
    """

    provider: str
    options: Mapping[str, object] = field(default_factory=dict)
    management: Management | None = None
    certificate_authority: Path | None = None

    def check(self, where: str) -> None:
        """Refuse wrong values; *where* this object stands."""
        files = sorted(file.stem for file in PROVIDERS.glob("[a-z]*.py"))
        if self.provider not in files:
            refuse(f"{where}.provider", self.provider, f"a file in {PROVIDERS.name}/: one of {', '.join(files)}")
        if self.management is not None:
            self.management.check(f"{where}.management")
        try:
            json.dumps(self.options, allow_nan=False)
        except (TypeError, ValueError):
            refuse(f"{where}.options", self.options, "what JSON can hold")

    def settings(self) -> Mapping[str, object]:
        """Return what the function is given."""
        return self.options


Provider = Internal | Http | Custom


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiService:
    """A service with an API key.

    Attributes:
        name: Stands in the secret's name: ``api/{name}/key``.
        shard: Number of the stack that holds its secret. It never changes, so that no secret ever moves; the policy of
            a stack's function has room for some 45 management secrets, 18 where each has a key of its own.
        provider: Who issues the key: Internal, Http, or a Custom one.
    """

    name: str
    shard: int
    provider: Provider

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``Prod.api_services``."""
        check_pattern(
            f"{field}.name", self.name, r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "lower-case letters, digits and hyphens"
        )
        check_range(f"{field}.shard", self.shard, 1, 99, "a whole number")
        if not isinstance(self.provider, Internal | Http | Custom):
            refuse(f"{field}.provider", self.provider, "an Internal, Http or Custom from config.services")
        self.provider.check(f"{field}[{self.name}].provider")

    @property
    def path(self) -> str:
        """Return the path of its secret."""
        return f"api/{self.name}/key"
