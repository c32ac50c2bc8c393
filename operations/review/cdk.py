"""The pinned CDK CLI: what review needs of it, without what it prints around that."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from operations.errors import OperationError

_QUIET = {
    "CDK_DISABLE_VERSION_CHECK": "1",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    "NODE_OPTIONS": "--no-deprecation",
    "NO_COLOR": "1",
}


def synthesize(project: Path, environment: str, assembly: Path) -> None:
    """Synthesize one environment, or ``all``, of the checkout in *project*. Needs no credentials.

    Raises:
        OperationError: The configuration, a package or a rule of cdk-nag stands in the way, as the app says it.
    """
    context = [] if environment == "all" else ["--context", f"environment={environment}"]
    arguments = ["synth", "--quiet", *context, "--output", str(assembly), "--no-lookups"]
    try:
        # The functions' wheels are in the installer's cache where they were used before: no network is needed then.
        _run(project, arguments, offline=True)
    except OperationError as error:
        if not str(error).startswith("Build error"):
            raise
    else:
        return
    _run(project, arguments)


def diff_with_template(project: Path, assembly: Path, stack_id: str, template_file: Path) -> str:
    """Return how a stack of *assembly* differs from a template. Needs no credentials."""
    return _run(project, ["diff", stack_id, "--app", str(assembly), "--exclusively", "--template", str(template_file)])


def _run(project: Path, arguments: Sequence[str], *, offline: bool = False) -> str:
    cli = project / "node_modules" / ".bin" / "cdk"
    if not cli.exists():
        raise OperationError(f"{cli} is missing; run: make setup")
    done = subprocess.run(  # noqa: S603 - the pinned CLI
        [str(cli), *arguments, "--no-notices"],
        cwd=project,
        env={**os.environ, **_QUIET, **({"UV_OFFLINE": "1"} if offline else {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        told = [line for line in done.stdout.strip().splitlines() if "Subprocess exited with error" not in line]
        raise OperationError("\n".join(told) or f"cdk {arguments[0]} ended with exit code {done.returncode}")
    return done.stdout
