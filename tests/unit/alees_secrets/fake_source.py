"""A source of secrets in memory."""

from dataclasses import dataclass, field

from alees_secrets.naming import SecretName
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields

ROTATION = "00000000-0000-4000-8000-000000000001"


@dataclass
class FakeSource:
    """Answers from *stored* and remembers what was asked of it."""

    stored: dict[tuple[str, VersionStage], SecretFields] = field(default_factory=dict)
    created: dict[str, SecretFields] = field(default_factory=dict)
    updated: dict[str, SecretFields] = field(default_factory=dict)
    rotated: list[str] = field(default_factory=list)

    def read(self, name: SecretName, stage: VersionStage) -> SecretFields:
        return self.stored[str(name), stage]

    def create(self, name: SecretName, fields: SecretFields) -> None:
        self.created[str(name)] = fields

    def update(self, name: SecretName, fields: SecretFields) -> None:
        self.updated[str(name)] = fields

    def rotate(self, name: SecretName, version_id: str | None) -> str:
        self.rotated.append(str(name))
        return version_id or ROTATION
