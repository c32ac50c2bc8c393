"""Bootstrap and deploy into the local AWS with the real CDK CLI."""

import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from botocore.exceptions import ClientError

from config.local import RECOVERY_REGION
from local_cloud.aws import caller_environment_without_aws, client_options, new_session, root_environment
from local_cloud.cloud import RunningCloud
from local_cloud.errors import LocalCloudError

_PROJECT = Path(__file__).parent.parent
_CDK = _PROJECT / "node_modules" / ".bin" / "cdk"
_TIMEOUT_SECONDS = 300.0
_SHOWN_LINES = 15


def is_bootstrapped(cloud: RunningCloud) -> bool:
    """Tell whether ``cdk bootstrap`` has been done in the local account, in both regions."""
    return all(_is_bootstrapped(cloud, region) for region in _regions(cloud))


def _is_bootstrapped(cloud: RunningCloud, region: str) -> bool:
    options = client_options(replace(cloud.description, region=region))
    try:
        stacks = new_session().client("cloudformation", **options).describe_stacks(StackName="CDKToolkit")["Stacks"]
    except ClientError:
        return False
    return stacks[0]["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def _regions(cloud: RunningCloud) -> tuple[str, str]:
    return cloud.description.region, RECOVERY_REGION


def bootstrap(cloud: RunningCloud) -> None:
    """Run ``cdk bootstrap`` for the region of the secrets and that of their replicas."""
    run_cdk(cloud, ["bootstrap", *(f"aws://{cloud.description.account}/{region}" for region in _regions(cloud))])


def deploy(cloud: RunningCloud) -> None:
    """Run ``cdk deploy`` for the Local environment's stack and those that it depends on."""
    context = ["--context", "environment=Local", "--context", f"local_state={cloud.state.root}"]
    run_cdk(cloud, ["deploy", cloud.description.environment().stack_name, *context, "--require-approval", "never"])


def run_cdk(cloud: RunningCloud, arguments: list[str]) -> None:
    """Run the CDK CLI against the local AWS to its end.

    Raises:
        LocalCloudError: It failed or took over five minutes. The message ends with the last lines of its output.
    """
    if not _CDK.exists():
        raise LocalCloudError(f"{_CDK} is missing; install what package-lock.json lists: npm ci")
    log = cloud.state.root / f"cdk-{arguments[0]}.log"
    environment = {
        **caller_environment_without_aws(),
        **root_environment(cloud.description),
        "CDK_HOME": str(cloud.state.cdk_home),
        "CDK_DISABLE_VERSION_CHECK": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        "NO_COLOR": "1",
    }
    # An assembly of its own: another synthesis may be using cdk.out at the same time.
    own_assembly = ["--output", str(cloud.state.cdk_home / "assembly")]
    command = [str(_CDK), *arguments, *own_assembly, "--no-notices", "--no-version-reporting"]
    with log.open("w", encoding="utf-8") as output:
        code = _run(command, environment, output)
    if code == 0:
        return
    problem = "failed" if code is not None else f"took over {_TIMEOUT_SECONDS:.0f} s"
    last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_LINES:])
    raise LocalCloudError(f"cdk {arguments[0]} {problem}; the whole output is in {log}. It ends:\n{last}")


def _run(command: list[str], environment: dict[str, str], output: TextIO) -> int | None:
    """Run a command and everything it starts to the end; None when it takes too long and was ended."""
    with subprocess.Popen(  # noqa: S603 - the pinned CLI
        command,
        cwd=_PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            # The CLI runs app.py in a process of its own, which must not outlive it.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
