"""Build the stacks of the declared environments.

Context:
    environment: Name of one environment to build alone, and the only way to Local.
    local_state: Folder in which the local cloud keeps its state, when it is not ``.local``.
"""

import os
import sys
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, NagPack, NIST80053R5Checks

from config.environment import Environment
from config.environments import declared
from config.errors import ConfigError, refuse
from config.local import STATE_DIRECTORY, LocalCloud
from constructs_lib.errors import BuildError
from stacks.deployment import add_stacks


def selected(name: str | None, local_state: Path) -> tuple[Environment, ...]:
    """Return the environments to build.

    Args:
        name: The only one to build; None builds all declared ones.
        local_state: Where a running local cloud describes itself; read for Local only.

    Raises:
        ConfigError: There is none of that name, or no local cloud is running.
    """
    if name is None:
        return declared()
    if name == "Local":
        return (LocalCloud.read(local_state).environment(),)
    named = tuple(environment for environment in declared() if environment.name == name)
    if not named:
        allowed = ", ".join([environment.name for environment in declared()] + ["Local"])
        refuse("context environment", name, f"one of {allowed}, such as: cdk synth -c environment=Prod")
    return named


def main() -> None:
    """Synthesize what the context asks for; the CDK CLI says where to."""
    app = App()
    local_state = Path(app.node.try_get_context("local_state") or STATE_DIRECTORY)
    try:
        add_stacks(app, selected(app.node.try_get_context("environment"), local_state))
    except ConfigError as error:
        sys.exit(f"Configuration error: {error}")
    except BuildError as error:
        sys.exit(f"Build error: {error}")
    check_with(app, AwsSolutionsChecks, NIST80053R5Checks)
    try:
        app.synth()
    except RuntimeError as error:  # the report of what violates which rule has been printed already
        sys.exit(f"Synthesis error: {error}")


def check_with(app: App, *packs: type[NagPack]) -> None:
    """Have the stacks of *app* checked by rule packs of cdk-nag when it is synthesized."""
    Validations.of(app).add_plugins(*(pack(app) for pack in packs))


if __name__ == "__main__":
    main()
    # All is written. Taking the CDK's modules apart takes the interpreter a fifth of the whole time of a synthesis.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
