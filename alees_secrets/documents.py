"""What Secrets Manager stores for a secret: its fields as a JSON object."""

import json

from alees_secrets.errors import InvalidSecretError, SecretDamagedError, SecretNotInitializedError, SecretsError
from alees_secrets.kinds import check_fields, is_placeholder, kind_of
from alees_secrets.naming import SecretName
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields

MAX_DOCUMENT_BYTES = 65_536
"""What Secrets Manager stores at most
(https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html)."""


def encode(fields: SecretFields) -> str:
    """Return *fields* as they are stored, in ASCII."""
    return json.dumps(dict(fields))


def check_length(name: SecretName, fields: SecretFields) -> None:
    """Check that *fields* can be stored.

    Raises:
        InvalidSecretError: They take more than 65,536 bytes.
    """
    length = len(encode(fields))
    if length > MAX_DOCUMENT_BYTES:
        raise InvalidSecretError(
            f"secret {name} would take {length} bytes; Secrets Manager allows {MAX_DOCUMENT_BYTES}; shorten its values"
        )


def decode(name: SecretName, stage: VersionStage, document: str | None) -> SecretFields | SecretsError:
    """Return the fields of *name*'s kind that stand in a stored value, or the error to raise.

    Nothing is raised here: the frames of this function's error would hold the value.

    Fields that the kind doesn't have are left out, so that a writer that knows more fields does not break a reader.

    Args:
        name: Whose value it is; its path tells the kind.
        stage: Where the value was read; for messages.
        document: The stored text; None if the value is not text.

    Returns:
        A SecretNotInitializedError if it is the placeholder that the secret was deployed with; a SecretDamagedError if
        it is not a JSON object, or not with the kind's fields. The message names fields only.
    """
    try:
        stored: object = json.loads(document or "")
    except ValueError:
        # Nothing is raised here: json's error holds the whole document, and would stay in __context__.
        stored = None
    if not isinstance(stored, dict):
        return _damaged(name, stage, "not a JSON object")
    if is_placeholder(stored):
        return SecretNotInitializedError(
            f"secret {name} at {stage} still holds the placeholder that it was deployed with; {_cure(name)}"
        )
    kind = kind_of(name.path)
    fields = {field: stored[field] for field in kind.fields if field in stored}
    try:
        check_fields(kind, fields)
    except InvalidSecretError as error:
        problem = str(error)
    else:
        return SecretFields(fields)
    return _damaged(name, stage, problem)


def _damaged(name: SecretName, stage: VersionStage, problem: str) -> SecretDamagedError:
    return SecretDamagedError(f"secret {name} at {stage} is {problem}; {_cure(name)}")


def _cure(name: SecretName) -> str:
    command = f'./alees-secrets rotate {name.path} --reason "no usable value"'
    return f"give it a value with update_secret, or rotate it: {command}"
