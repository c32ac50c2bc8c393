"""Tell that an older value is served because AWS could not be asked."""

import logging

from alees_secrets.entries import Key
from alees_secrets.errors import SecretsError
from alees_secrets.policy import StaleHook

_LOGGER = logging.getLogger("alees_secrets")


def tell_stale(key: Key, age_seconds: float, error: SecretsError, hook: StaleHook | None) -> None:
    """Log that the value at *key* is served although it could not be refreshed, and call the hook.

    A hook that fails is logged by the type of its error alone, and changes nothing else.
    """
    path, stage = key
    _LOGGER.warning(
        "secret %s at %s could not be refreshed (%s); the value confirmed %.0f s ago is served",
        path,
        stage,
        type(error).__name__,
        age_seconds,
    )
    if hook is None:
        return
    try:
        hook(path, stage, age_seconds)
    except Exception as failure:  # noqa: BLE001 - the application's own; it must not end the refresh
        _LOGGER.error("on_stale failed (%s)", type(failure).__name__)  # noqa: TRY400 - its message may hold anything
