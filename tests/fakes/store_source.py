"""What the client reads of a secret that is rotated in the same process."""

from collections.abc import Collection, Mapping, Sequence
from typing import NoReturn

from alees_secrets.errors import SecretNotFoundError, SecretsError, SecretUnavailableError
from alees_secrets.naming import SecretName
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion
from tests.fakes.secrets_manager import FakeSecretsManager


class StoreSource:
    """A SecretSource that reads the fake Secrets Manager of the rotations, and writes nothing.

    Attributes:
        reads: How often it was asked.
        away: Whether it does not answer.
    """

    def __init__(self, store: FakeSecretsManager) -> None:
        self._store = store
        self.reads = 0
        self.away = False

    def read(self, name: SecretName, stage: VersionStage) -> SecretVersion:
        self.reads += 1
        if self.away:
            raise SecretUnavailableError("AWS is away")
        if stage not in self._store.labels:
            raise SecretNotFoundError(f"there is no secret {name} at {stage}")
        version = self._store.labels[stage]
        return SecretVersion(SecretFields(self._store.fields(version)), version, 0.0)

    def read_many(self, names: Sequence[SecretName]) -> Mapping[SecretName, SecretVersion | SecretsError]:
        return {name: self.read(name, VersionStage.CURRENT) for name in names}

    def create(self, name: SecretName, fields: SecretFields, token: str) -> NoReturn:
        raise NotImplementedError

    def update(self, name: SecretName, fields: SecretFields, token: str) -> NoReturn:
        raise NotImplementedError

    def rotate(self, name: SecretName, version_id: str | None) -> NoReturn:
        raise NotImplementedError

    def labels(self, name: SecretName) -> Mapping[str, Collection[str]]:
        raise NotImplementedError
