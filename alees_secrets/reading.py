"""Ask a source for several values at several stages, with as few requests as it takes."""

from collections.abc import Mapping

from alees_secrets.entries import Key
from alees_secrets.errors import SecretsError, SecretUnavailableError
from alees_secrets.naming import SecretName
from alees_secrets.source import SecretSource
from alees_secrets.stages import VersionStage
from alees_secrets.versions import SecretVersion

Outcome = SecretVersion | SecretsError


def read_all(source: SecretSource, names: Mapping[Key, SecretName]) -> dict[Key, Outcome]:
    """Return what each key's read comes to.

    AWSCURRENT values are read first and together, then the others one by one: Secrets Manager serves no other stage
    together. Where there was no answer about AWSCURRENT, the secret's other stages are not asked for.
    """
    currents = {key: name for key, name in names.items() if key[1] is VersionStage.CURRENT}
    outcomes: dict[Key, Outcome] = {}
    if len(currents) > 1:
        answers = source.read_many(list(currents.values()))
        outcomes = {key: answers[name] for key, name in currents.items()}
    else:
        outcomes = {key: _read(source, name, key[1]) for key, name in currents.items()}
    for key, name in names.items():
        if key in outcomes:
            continue
        current = outcomes.get((key[0], VersionStage.CURRENT))
        outcomes[key] = current if isinstance(current, SecretUnavailableError) else _read(source, name, key[1])
    return outcomes


def _read(source: SecretSource, name: SecretName, stage: VersionStage) -> Outcome:
    try:
        return source.read(name, stage)
    except SecretsError as error:
        return error.with_traceback(None)
