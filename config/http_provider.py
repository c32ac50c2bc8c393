"""API keys that a provider's REST API issues: which calls, and where their answers hold what."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from config.checks import check_pattern
from config.errors import refuse
from config.http_call import Call, Management, check_verify

_PATH = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """Where the answer to the list call holds the keys. Paths are names joined by dots, such as ``data.keys``.

    Attributes:
        items: Path of the list; None if the answer is the list itself.
        name: Path, in an item, of the key's name. Items with names of others are left alone.
        api_key: Path, in an item, of what the secret's ``api_key`` is.
        id: Path, in an item, of what the revoke call names the key by.
        more: Path, in the answer, of what is neither absent nor false when keys are missing from it; rotation then
            stops. None for an API that lists all in one answer.
    """

    items: str | None
    name: str
    api_key: str
    id: str
    more: str | None = None

    def check(self, where: str) -> None:
        """Refuse wrong values; *where* this object stands."""
        for name, path in asdict(self).items():
            if path is not None or name not in {"items", "more"}:
                _check_path(f"{where}.{name}", path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Http:
    """A provider whose REST API creates, lists, verifies and revokes keys.

    Keys are named ``alees-{environment}-{service}-{version id}``, so that one which was created and not stored is
    found and revoked. An API without names or without a list cannot be used.

    Attributes:
        management: What the calls authenticate by; all but verify may use ``{management.FIELD}``.
        create: Makes a key; uses ``{name}`` in its body or URL.
        api_key: Path, in create's answer, of the secret's ``api_key``: the part that the list shows too.
        api_secret: Path, in create's answer, of the secret's ``api_secret``.
        list: Lists all keys.
        listed: Where its answer holds them.
        revoke: Ends a key; uses ``{id}``. Status 404 and 410 count as done.
        verify: Uses a key as applications do, with ``{api_key}`` and ``{api_secret}``. 2xx accepts it, 401 and 403
            refuse it, everything else tells nothing.
        certificate_authority: PEM file to verify the provider's server with. The default is what the system trusts.
    """

    management: Management
    create: Call
    api_key: str
    api_secret: str
    list: Call
    listed: Listed
    revoke: Call
    verify: Call
    certificate_authority: Path | None = None

    provider = "http"

    def check(self, where: str) -> None:
        """Refuse wrong values; *where* this object stands."""
        self.management.check(f"{where}.management")
        managed = [f"management.{name}" for name in self.management.fields]
        self.create.check(f"{where}.create", [*managed, "name"])
        self.list.check(f"{where}.list", managed)
        self.revoke.check(f"{where}.revoke", [*managed, "id"])
        check_verify(f"{where}.verify", self.verify)
        self.listed.check(f"{where}.listed")
        for name, path in (("api_key", self.api_key), ("api_secret", self.api_secret)):
            _check_path(f"{where}.{name}", path)
        for name, call, needed in (("create", self.create, "name"), ("revoke", self.revoke, "id")):
            if needed not in call.placeholders():
                refuse(f"{where}.{name}", "a call without it", f"one that uses {{{needed}}}")

        if self.listed.id == self.listed.api_key and "id" in self.revoke.placeholders([self.revoke.url]):
            refuse(
                f"{where}.listed.id",
                self.listed.id,
                "another path than api_key's, since revoke's URL has {id} and URLs are logged; or {id} in its body",
            )

    def settings(self) -> Mapping[str, object]:
        """Return what the function is given, as JSON may hold it; without values of secrets."""
        return {
            "create": {**self.create.settings(), "api_key": self.api_key, "api_secret": self.api_secret},
            "list": {**self.list.settings(), **asdict(self.listed)},
            "revoke": self.revoke.settings(),
            "verify": self.verify.settings(),
        }


def _check_path(where: str, path: object) -> None:
    check_pattern(where, path, _PATH, "names joined by dots, such as data.key")
