"""Whether a key works, as the declared verify call says."""

from collections.abc import Mapping
from typing import Any

from alees_secrets.errors import InvalidSecretError
from alees_secrets.kinds import KINDS, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.api_key.https import Https
from rotation_handlers.api_key.templates import can_be_sent, request_of
from rotation_handlers.errors import Cause, RotationError


def verify_key(value: SecretFields, call: Mapping[str, Any], https: Https) -> None:
    """Use *value* in the declared *call*.

    Raises:
        RotationError: It is malformed, was refused (AUTHENTICATION), or nobody can tell.
    """
    problem = form_problem(value)
    if problem is not None:
        raise RotationError(Cause.BAD_SECRET, f"the value {problem}")
    answer = https.send(request_of(call, {name: value[name] for name in ("api_key", "api_secret")}))
    if answer.refused:
        raise RotationError(Cause.AUTHENTICATION, f"the verify call refused the key (status {answer.status})")
    if not answer.accepted:
        raise RotationError(Cause.PROVIDER, f"the verify call was answered with status {answer.status}, not with 2xx")


def form_problem(value: SecretFields) -> str | None:
    """Return what is wrong with the form of *value*, without values; None if nothing is."""
    try:
        check_fields(KINDS[KindName.API_KEY], value)
    except InvalidSecretError as error:
        return f"is {error}"
    wrong = [name for name in value if not can_be_sent(value[name])]
    return f"has other characters than printable ASCII without spaces in {', '.join(wrong)}" if wrong else None
