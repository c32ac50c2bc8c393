"""What Secrets Manager stores for a secret: its fields as a JSON object."""

import json

from alees_secrets.errors import InvalidSecretError, SecretDamagedError, SecretNotInitializedError
from alees_secrets.kinds import check_fields, is_placeholder, kind_of
from alees_secrets.naming import SecretName
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields

MAX_DOCUMENT_BYTES = 65_536
"""What Secrets Manager stores at most
(https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html)."""


def encode(name: SecretName, fields: SecretFields) -> str:
    """Return *fields* as they are stored, in ASCII.

    Raises:
        InvalidSecretError: They take more than 65,536 bytes.
    """
    document = json.dumps(dict(fields))
    if len(document) > MAX_DOCUMENT_BYTES:
        raise InvalidSecretError(
            f"secret {name} would take {len(document)} bytes; Secrets Manager allows {MAX_DOCUMENT_BYTES}; "
            "shorten its values"
        )
    return document


def decode(name: SecretName, stage: VersionStage, document: str | None) -> SecretFields:
    """Return the fields of *name*'s kind that stand in a stored value.

    Fields that the kind doesn't have are left out, so that a writer that knows more fields does not break a reader.

    Args:
        name: Whose value it is; its path tells the kind.
        stage: Where the value was read; for messages.
        document: The stored text; None if the value is not text.

    Raises:
        SecretNotInitializedError: It is the placeholder that the secret was deployed with.
        SecretDamagedError: It is not a JSON object, or not with the kind's fields. The message names fields only.
    """
    try:
        stored: object = json.loads(document or "")
    except ValueError:
        # Nothing is raised here: json's error holds the whole document, and would stay in __context__.
        stored = None
    if not isinstance(stored, dict):
        raise _damaged(name, stage, "not a JSON object")
    if is_placeholder(stored):
        raise SecretNotInitializedError(
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
    raise _damaged(name, stage, problem)


def _damaged(name: SecretName, stage: VersionStage, problem: str) -> SecretDamagedError:
    return SecretDamagedError(f"secret {name} at {stage} is {problem}; {_cure(name)}")


def _cure(name: SecretName) -> str:
    return f"give it a value with update_secret, or rotate it: ./alees-secrets rotate {name.path}"
