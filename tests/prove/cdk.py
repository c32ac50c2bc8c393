"""Bootstrap and deploy with the real CDK CLI."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.prove.errors import ProveError
from tests.prove.sandbox import Sandbox, StackPlace

PROJECT = Path(__file__).parents[2]


def missing_toolkits(sandbox: Sandbox) -> tuple[StackPlace, ...]:
    """Return the bootstrap stacks that the sandbox's two regions lack."""
    both = sandbox.environment.region, sandbox.environment.recovery_region
    toolkits = (StackPlace("CDKToolkit", region) for region in both)
    return tuple(toolkit for toolkit in toolkits if sandbox.stack_status(toolkit) is None)


def bootstrap(sandbox: Sandbox, toolkits: Sequence[StackPlace]) -> None:
    """Make *toolkits*.

    Raises:
        ProveError: The CLI failed.
    """
    if toolkits:
        _run("bootstrap", *(f"aws://{sandbox.environment.account.id}/{toolkit.region}" for toolkit in toolkits))


def deploy(sandbox: Sandbox, settings: Path, output: Path) -> None:
    """Deploy all stacks of the sandbox.

    Args:
        sandbox: Where to.
        settings: The sandbox's file; the app reads it again.
        output: Folder for the cloud assembly.

    Raises:
        ProveError: The CLI failed.
    """
    context = [f"account={sandbox.environment.account.id}", f"sandbox={settings.resolve()}"]
    _run(
        "deploy",
        sandbox.environment.stack_name,
        f"--app={sys.executable} -m tests.prove.app",
        *(f"--context={each}" for each in context),
        f"--output={output}",
        "--require-approval=never",
    )


def _run(*arguments: str) -> None:
    """Run the CLI; what it prints goes to standard error, where progress belongs."""
    command = [str(PROJECT / "node_modules" / ".bin" / "cdk"), *arguments, "--no-notices", "--no-version-reporting"]
    environment = {**os.environ, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}
    # In a session of its own: Ctrl-C reaches this process alone, which then ends the CLI and its app quietly.
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True
    ) as process:
        try:
            code = process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if code != 0:
        raise ProveError(f"cdk {arguments[0]} failed, as it says above")
