"""Keep botocore from logging calls of Secrets Manager: at DEBUG it logs requests and answers whole."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Calls(threading.local):
    """Whether this thread is in a call of ours."""

    under_way = False


_CALLS = _Calls()


class _Mute(logging.Filter):
    """Drops DEBUG records of threads that are in a call of ours. Other calls' records pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (_CALLS.under_way and record.levelno <= logging.DEBUG)


_MUTE = _Mute()


def mute_botocore() -> None:
    """Put the filter on every logger that botocore has made; a logger's children do not inherit it.

    Called when a client exists: by then all of botocore that a call runs through is imported.
    """
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if name.partition(".")[0] == "botocore" and isinstance(logger, logging.Logger):
            logger.addFilter(_MUTE)  # does nothing when it is there


@contextmanager
def muted() -> Iterator[None]:
    """Mark what this thread does until the block ends as a call of ours."""
    _CALLS.under_way = True
    try:
        yield
    finally:
        _CALLS.under_way = False
