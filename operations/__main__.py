"""``python -m operations``, which ./alees-secrets starts."""

import sys

from operations.commands import app
from operations.errors import OperationError
from operations.output import err


def main() -> None:
    """Run the command line; every expected failure is one line on standard error and a documented exit code."""
    try:
        app(prog_name="alees-secrets")
    except OperationError as error:
        err.print(f"alees-secrets: {error}", markup=False, soft_wrap=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
