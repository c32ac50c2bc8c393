"""How a command ends without having done its work.

::

    OperationError              exit code 1: AWS or the secret stands in the way
    ├── UsageError              exit code 2: the command was given something that is not allowed
    └── StoppedError            exit code 130: somebody interrupted it
"""


class OperationError(Exception):
    """The command could not be done. The message says what to do.

    Attributes:
        exit_code: What the process ends with.
    """

    exit_code = 1


class UsageError(OperationError):
    """An option, argument or setting is wrong; nothing was sent to AWS."""

    exit_code = 2


class StoppedError(OperationError):
    """Somebody interrupted the command. The message says what is done, what goes on in AWS and what ends it."""

    exit_code = 130
