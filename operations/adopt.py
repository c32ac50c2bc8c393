"""Move a database that the ERP uses already to an owner role and logins."""

from dataclasses import dataclass

from operations.because import Because
from operations.errors import OperationError
from operations.functions import invoke
from operations.target import Target

SECRET = "database/credentials"  # noqa: S105 - a secret's path


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an adoption.

    Attributes:
        sql: The statement.
        why: What it is for.
    """

    sql: str
    why: str


def adopt(target: Target, role: str, *, because: Because | None) -> list[Statement]:
    """Return the statements that adopting *role* needs, after they were run if *because* says why.

    Raises:
        OperationError: The function cannot be asked or refused; nothing was changed then.
    """
    apply = because is not None
    said = because.request() if because is not None else {}
    answer = invoke(target, SECRET, "adopt", {"Role": role, "Apply": apply, **said})
    try:
        if answer["applied"] is apply:
            return [Statement(statement["sql"], statement["why"]) for statement in answer["statements"]]
    except (KeyError, TypeError):
        pass
    raise OperationError(
        f"the rotation function gave no answer that this version knows; deploy {target.environment.stack_name}"
    )
