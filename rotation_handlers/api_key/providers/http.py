"""A provider whose REST API issues the keys, by the calls that configuration declares."""

from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from alees_secrets.kinds import KindName
from alees_secrets.values import SecretFields
from rotation_handlers.api_key.https import Answer, Https
from rotation_handlers.api_key.key_names import KeyNames
from rotation_handlers.api_key.service import Service
from rotation_handlers.api_key.templates import can_be_sent, request_of
from rotation_handlers.api_key.verification import verify_key
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.issued.credential import IssuedCredential

_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class _ListedKey(NamedTuple):
    """A live key of ours: its ``api_key``, what the API revokes it by, and the version that its name carries."""

    api_key: str
    id: str
    version: str


class HttpIssuer:
    """Issues one service's keys. A credential's id is its ``api_key``; what the API revokes it by is looked up.

    Args:
        service: Which service, and its calls.
        https: Sends requests.
    """

    def __init__(self, service: Service, https: Https) -> None:
        self._calls: Mapping[str, Any] = service.settings
        self._names = KeyNames(service)
        self._read_management = service.read_management
        self._https = https

    def list_credentials(self) -> Mapping[str, str | None]:
        """Return the version of every key whose name is one of ours, by its ``api_key``."""
        return {key.api_key: key.version for key in self._listed()}

    def create(self, token: str) -> Mapping[str, str | int]:
        """Make a key that is named for the version, and return both halves."""
        document = self._document("create", self._send("create", {"name": self._names.name_for(token)}))
        value = {name: _at(document, self._calls["create"][name]) for name in ("api_key", "api_secret")}
        wrong = [name for name, each in value.items() if not can_be_sent(each)]
        if wrong:
            raise RotationError(
                Cause.PROVIDER, f"the answer to create has no {' and no '.join(wrong)} where config says; see its paths"
            )
        return {name: str(each) for name, each in value.items()}

    def id_of(self, value: SecretFields) -> str:
        """Return the ``api_key``."""
        key = value.get("api_key")
        if not isinstance(key, str) or not key:
            raise RotationError(Cause.BAD_SECRET, "the value has no api_key that is a string")
        return key

    def verify(self, value: SecretFields) -> None:
        """Make the declared verify call with *value*."""
        verify_key(value, self._calls["verify"], self._https)

    def revoke(self, credential_id: str) -> None:
        """Revoke a key, if it is still listed."""
        for key in self._listed():
            if key.api_key == credential_id:
                self._send("revoke", {"id": key.id}, done=_GONE)

    def _listed(self) -> list[_ListedKey]:
        """Return our live keys.

        Raises:
            RotationError: The list cannot be had, or is not as declared: with keys overlooked or confused, AWSCURRENT's
                could be ended, or others live on for good.
        """
        call = self._calls["list"]
        document = self._document("list", self._send("list", {}))
        if call["more"] is not None and _at(document, call["more"]):
            raise RotationError(
                Cause.PROVIDER, "the answer to list is incomplete; let its URL ask for all keys at once"
            )
        items = document if call["items"] is None else _at(document, call["items"])
        if not isinstance(items, list):
            raise RotationError(Cause.PROVIDER, "the answer to list has no list where config says; see its paths")
        if items and not any(isinstance(_at(item, call["name"]), str) for item in items):
            raise RotationError(
                Cause.PROVIDER, "the answer to list has keys and no name where config says; see its paths"
            )
        ours = list(dict.fromkeys(self._ours(items)))
        if len(ours) > min(len({key.api_key for key in ours}), len({key.id for key in ours})):
            raise RotationError(
                Cause.PROVIDER, "the answer to list has one api_key or id for several keys of ours; see its paths"
            )
        return ours

    def _ours(self, items: list[object]) -> Iterator[_ListedKey]:
        call = self._calls["list"]
        for item in items:
            name, key, id_ = (_at(item, call[path]) for path in ("name", "api_key", "id"))
            version = self._names.version_of(name)
            if version is None:
                continue
            if not isinstance(key, str) or not isinstance(id_, str | int) or not can_be_sent(str(id_)):
                raise RotationError(
                    Cause.PROVIDER, "the answer to list has a key of ours without api_key or id where config says"
                )
            yield _ListedKey(key, str(id_), version)

    def _send(self, call: str, values: Mapping[str, str], done: Collection[int] = ()) -> Answer:
        management = self._read_management()
        held = {f"management.{name}": str(management[name]) for name in management}
        try:
            answer = self._https.send(request_of(self._calls[call], {**held, **values}))
        except RotationError as error:
            problem = RotationError(error.cause, f"the {call} call failed: {error}")
        else:
            if answer.accepted or answer.status in done:
                return answer
            cause = Cause.AUTHENTICATION if answer.refused else Cause.PROVIDER
            what = "refused the management credentials" if answer.refused else "was answered with"
            problem = RotationError(cause, f"the {call} call {what} (status {answer.status})")
        raise problem

    def _document(self, call: str, answer: Answer) -> object:
        document = answer.document()
        if document is None:
            raise RotationError(Cause.PROVIDER, f"the answer to {call} is no JSON")
        return document


def strategy(service: Service) -> IssuedCredential:
    """Return the strategy for *service*."""
    return IssuedCredential(HttpIssuer(service, Https(service.deadline, service.certificates)), KindName.API_KEY)


def _at(document: object, path: str) -> object:
    """Return what stands in *document* at names joined by dots; None if nothing does."""
    for name in path.split("."):
        document = document.get(name) if isinstance(document, Mapping) else None
    return document
