"""Secrets in memory that rotate, end and fail when a test says so."""

import secrets
import threading
import time
from collections.abc import Collection, Mapping, Sequence

from alees_secrets.errors import (
    RotationRefusedError,
    SecretAccessDeniedError,
    SecretExistsError,
    SecretNotFoundError,
    SecretsError,
    SecretUnavailableError,
)
from alees_secrets.kinds import JwtAlgorithm, check_fields, kind_of
from alees_secrets.naming import SecretName
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion, new_token

_DATABASE: dict[str, str | int] = {"username": "alees_app_a", "host": "127.0.0.1", "port": 5432, "dbname": "alees"}
_EMAIL: dict[str, str | int] = {"host": "127.0.0.1", "port": 587, "username": "alees"}
_MADE_UP = ("password", "api_key", "api_secret", "secret_key")


class InMemorySource:
    """A SecretSource without AWS. Threads may share it.

    It has ``database/credentials``, ``jwt/credentials`` (HS256), ``email/credentials`` and ``api/example/key`` with
    values made up for this object; ``set`` gives a test's own. A manager on it keeps values as it does those of AWS, so
    what is set or rotated is seen after ``refresh(name)``, or when a refused credential has it read again.

    Attributes:
        away: Whether AWS does not answer: every call raises SecretUnavailableError.
        denied: Paths of secrets about which every call raises SecretAccessDeniedError.
        reads: Which paths were asked for, in order; those of one request together.
    """

    def __init__(self) -> None:
        self.away = False
        self.denied: set[str] = set()
        self.reads: list[tuple[str, ...]] = []
        self._lock = threading.Lock()
        self._versions: dict[str, dict[VersionStage, SecretVersion]] = {}
        self._prepared: dict[str, SecretFields] = {}
        self.set("database/credentials", {**_DATABASE, "password": _made_up()})
        self.set("jwt/credentials", {"secret_key": _made_up(), "algorithm": JwtAlgorithm.HS256.value})
        self.set("email/credentials", {**_EMAIL, "password": _made_up()})
        self.set("api/example/key", {"api_key": _made_up(), "api_secret": _made_up()})

    def set(self, path: str, fields: Mapping[str, str | int]) -> None:
        """Make *fields* the AWSCURRENT value of a secret; the value before, if there was one, becomes AWSPREVIOUS.

        Raises:
            InvalidSecretError: They do not fit the secret's kind.
        """
        check_fields(kind_of(path), fields)
        self._put(path, SecretFields(fields), new_token())

    def rotate_to(self, path: str, fields: Mapping[str, str | int]) -> None:
        """Have the next rotation make *fields* AWSCURRENT, instead of a value with made-up passwords and keys.

        Raises:
            InvalidSecretError: They do not fit the secret's kind.
        """
        check_fields(kind_of(path), fields)
        self._prepared[path] = SecretFields(fields)

    def rotate_now(self, path: str) -> str:
        """Rotate a secret, as ``SecretsManager().rotate_secret(path)`` does, and return the new version's id.

        Raises:
            RotationRefusedError: There is no such secret.
        """
        with self._lock:
            if path not in self._versions:
                raise RotationRefusedError(f"there is no secret {path} in memory; give it a value with set")
            before = self._versions[path][VersionStage.CURRENT].fields
        made = {name: _made_up() if name in _MADE_UP else value for name, value in before.items()}
        version = new_token()
        self._put(path, self._prepared.pop(path, SecretFields(made)), version)
        return version

    def revoke(self, path: str) -> None:
        """End the AWSPREVIOUS value of a secret, as ``./alees-secrets revoke`` does to its labels."""
        with self._lock:
            self._versions[path].pop(VersionStage.PREVIOUS, None)

    def read(self, name: SecretName, stage: VersionStage) -> SecretVersion:
        """Return the version of *name* at *stage*."""
        self.reads.append((name.path,))
        outcome = self._find(name, stage)
        if isinstance(outcome, SecretVersion):
            return outcome
        raise outcome

    def read_many(self, names: Sequence[SecretName]) -> Mapping[SecretName, SecretVersion | SecretsError]:
        """Return the AWSCURRENT version of each of *names*, or why it cannot be read."""
        self.reads.append(tuple(name.path for name in names))
        return {name: self._find(name, VersionStage.CURRENT) for name in names}

    def create(self, name: SecretName, fields: SecretFields, token: str) -> None:
        """Make a new secret."""
        self._answer(name)
        if name.path in self._versions:
            raise SecretExistsError(f"secret {name} exists already in memory; change it with update_secret")
        self._put(name.path, fields, token)

    def update(self, name: SecretName, fields: SecretFields, token: str) -> None:
        """Make *fields* the AWSCURRENT value of a secret that exists."""
        self._answer(name)
        if name.path not in self._versions:
            raise _missing(name, VersionStage.CURRENT)
        self._put(name.path, fields, token)

    def rotate(self, name: SecretName, version_id: str | None) -> str:
        """Rotate at once; no rotation is ever left half-way, so *version_id* is one that is there already, or None."""
        self._answer(name)
        return version_id or self.rotate_now(name.path)

    def labels(self, name: SecretName) -> Mapping[str, Collection[str]]:
        """Return the staging labels of each version that has any."""
        self._answer(name)
        with self._lock:
            return {version.version_id: [stage] for stage, version in self._versions.get(name.path, {}).items()}

    def _put(self, path: str, fields: SecretFields, version_id: str) -> None:
        version = SecretVersion(fields, version_id, time.time())
        with self._lock:
            versions = self._versions.setdefault(path, {})
            if VersionStage.CURRENT in versions:
                versions[VersionStage.PREVIOUS] = versions[VersionStage.CURRENT]
            versions[VersionStage.CURRENT] = version

    def _find(self, name: SecretName, stage: VersionStage) -> SecretVersion | SecretsError:
        try:
            self._answer(name)
        except SecretsError as error:
            return error.with_traceback(None)
        with self._lock:
            return self._versions.get(name.path, {}).get(stage) or _missing(name, stage)

    def _answer(self, name: SecretName) -> None:
        """Raise what AWS would say before it looked at the secret."""
        if self.away:
            raise SecretUnavailableError(f"the secrets in memory are away; {name} was not read")
        if name.path in self.denied:
            raise SecretAccessDeniedError(f"secret {name} is denied in memory")


def _made_up() -> str:
    return secrets.token_urlsafe(48)


def _missing(name: SecretName, stage: VersionStage) -> SecretNotFoundError:
    return SecretNotFoundError(f"there is no secret {name} at {stage} in memory; give it a value with set")
