"""Use a secret's value, and once more when what it opens refused it."""

from collections.abc import Callable
from typing import TypeVar

from alees_secrets.manager import SecretsManager
from alees_secrets.values import SecretFields

Result = TypeVar("Result")


def with_secret(name: str, use: Callable[[SecretFields], Result], is_refusal: Callable[[Exception], bool]) -> Result:
    """Return what *use* returns for the value of a secret. It never sleeps.

    When the value is refused, AWS is asked once, and *use* called once more if the secret has another value by then.
    What *use* raises comes without traceback and chain: those hold its frames, and Django's error page shows the
    variables of frames.

    Args:
        name: Such as ``database/credentials``.
        use: Given the value. It need not hide it from its frames.
        is_refusal: Tells whether an exception of *use* means that the value itself was refused.
    """
    manager = SecretsManager()
    fields = manager.get_secret(name)
    outcome = _try(use, fields)
    if isinstance(outcome, _Failure) and is_refusal(outcome.error):
        manager.refresh(name, refused=fields)
        renewed = manager.get_secret(name)
        if renewed != fields:
            outcome = _try(use, renewed)
    if isinstance(outcome, _Failure):
        raise outcome.error
    return outcome


def hiding(use: Callable[[], Result]) -> Result:
    """Return what *use* returns; what it raises comes without traceback and chain, as from with_secret."""
    outcome = _try(lambda _: use(), None)
    if isinstance(outcome, _Failure):
        raise outcome.error
    return outcome


class _Failure:
    def __init__(self, error: Exception) -> None:
        self.error = error.with_traceback(None)
        self.error.__cause__ = self.error.__context__ = None


Given = TypeVar("Given")


def _try(use: Callable[[Given], Result], given: Given) -> Result | _Failure:
    try:
        return use(given)
    except Exception as error:  # noqa: BLE001 - the callers raise it again; a cleaner one of another sort must not pass
        return _Failure(error)
