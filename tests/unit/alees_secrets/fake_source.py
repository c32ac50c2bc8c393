"""A source of secrets in memory, which counts what it is asked and fails on demand."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from alees_secrets.errors import SecretNotFoundError, SecretsError
from alees_secrets.naming import SecretName
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion

ROTATION = "00000000-0000-4000-8000-000000000001"


def version(fields: Mapping[str, str | int], version_id: str = "v1", created: float = 0.0) -> SecretVersion:
    """Return a version that holds *fields*."""
    return SecretVersion(SecretFields(fields), version_id, created)


@dataclass
class FakeSource:
    """Answers from *stored* and remembers what was asked of it.

    Attributes:
        stored: What there is.
        damaged: What reads of a name and stage come to instead.
        failing: What every read comes to instead; a class of errors.
        before: Called by each request for values, to wait or to change what is stored.
        calls: The requests: which paths each asked for, and at which stage.
        created: What was created, by name.
        updated: What was updated, by name.
        rotated: What was rotated.
        held: Answers of labels, in turn.
    """

    stored: dict[tuple[str, VersionStage], SecretVersion] = field(default_factory=dict)
    damaged: dict[tuple[str, VersionStage], type[SecretsError]] = field(default_factory=dict)
    failing: type[SecretsError] | None = None
    before: Callable[[], object] = lambda: None
    calls: list[tuple[tuple[str, ...], VersionStage]] = field(default_factory=list)
    created: dict[str, SecretFields] = field(default_factory=dict)
    updated: dict[str, SecretFields] = field(default_factory=dict)
    rotated: list[str] = field(default_factory=list)
    held: list[Mapping[str, Collection[str]]] = field(default_factory=list)

    def read(self, name: SecretName, stage: VersionStage) -> SecretVersion:
        self.calls.append(((name.path,), stage))
        self.before()
        outcome = self._find(name, stage)
        if isinstance(outcome, SecretVersion):
            return outcome
        raise outcome

    def read_many(self, names: Sequence[SecretName]) -> Mapping[SecretName, SecretVersion | SecretsError]:
        self.calls.append((tuple(name.path for name in names), VersionStage.CURRENT))
        self.before()
        return {name: self._find(name, VersionStage.CURRENT) for name in names}

    def create(self, name: SecretName, fields: SecretFields, token: str) -> None:  # noqa: ARG002
        self.created[str(name)] = fields

    def update(self, name: SecretName, fields: SecretFields, token: str) -> None:  # noqa: ARG002
        self.updated[str(name)] = fields

    def rotate(self, name: SecretName, version_id: str | None) -> str:
        self.rotated.append(str(name))
        return version_id or ROTATION

    def labels(self, name: SecretName) -> Mapping[str, Collection[str]]:  # noqa: ARG002
        return self.held.pop(0)

    def put(
        self, path: str, fields: Mapping[str, str | int], version_id: str = "v1", created: float = 0.0
    ) -> SecretVersion:
        """Make *fields* the AWSCURRENT value; what was becomes AWSPREVIOUS."""
        name, new = f"alees/prod/{path}", version(fields, version_id, created)
        if old := self.stored.get((name, VersionStage.CURRENT)):
            self.stored[name, VersionStage.PREVIOUS] = old
        self.stored[name, VersionStage.CURRENT] = new
        return new

    def revoke(self, path: str) -> None:
        """Take AWSPREVIOUS away."""
        del self.stored[f"alees/prod/{path}", VersionStage.PREVIOUS]

    def _find(self, name: SecretName, stage: VersionStage) -> SecretVersion | SecretsError:
        if self.failing is not None:
            return self.failing("fails on demand")
        if (str(name), stage) in self.damaged:
            return self.damaged[str(name), stage](f"{name} at {stage} cannot be used")
        found = self.stored.get((str(name), stage))
        return found or SecretNotFoundError(f"there is no secret {name} at {stage}")
