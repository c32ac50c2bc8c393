"""The CDK app of a run: the sandbox's stacks, as the project's own app builds an environment's.

Context:
    account: The sandbox's number.
    sandbox: Path of the file that describes it.
"""

import sys
from pathlib import Path

from aws_cdk import App

from config.errors import ConfigError
from constructs_lib.errors import BuildError
from stacks.deployment import add_stacks
from tests.prove.settings import read_environment


def main() -> None:
    """Synthesize; the CDK CLI says where to."""
    app = App()
    context = app.node.try_get_context
    try:
        add_stacks(app, [read_environment(Path(context("sandbox")), str(context("account")))])
    except ConfigError as error:
        sys.exit(f"Configuration error: {error}")
    except BuildError as error:
        sys.exit(f"Build error: {error}")
    app.synth()


if __name__ == "__main__":
    main()
