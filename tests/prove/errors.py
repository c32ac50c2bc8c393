"""How a run ends without having proved anything.

::

    ProveError        exit code 1: AWS or the CDK stands in the way
    └── RefusedError  exit code 2: nothing was made, and nothing will be
"""


class ProveError(Exception):
    """The run could not go on. The message says what to do."""

    exit_code = 1


class RefusedError(ProveError):
    """A guard refuses this account, these credentials or this answer."""

    exit_code = 2
