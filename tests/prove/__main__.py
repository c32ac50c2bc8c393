"""``python -m tests.prove``, which ``make prove`` starts."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from config.environments import declared
from config.errors import ConfigError
from operations.observe import describe_failure
from tests.prove import cdk, guards
from tests.prove.checks.check import Check, Seen, Verdict
from tests.prove.checks.registry import CHECKS
from tests.prove.destruction import destroy
from tests.prove.errors import ProveError, RefusedError
from tests.prove.report import Report, announcement
from tests.prove.sandbox import Sandbox, StackPlace
from tests.prove.settings import read_environment

# Rich takes the :secret: of an ARN for an emoji.
_out = Console(highlight=False, emoji=False)
_err = Console(stderr=True, highlight=False, emoji=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove, and return the exit code: 0 if all is as expected and gone again, 1 if not, 2 if refused."""
    options = _options(arguments)
    try:
        sandbox = _guarded(options)
    except (ProveError, ConfigError) as error:
        return _refuse(str(error))
    except BotoCoreError as error:
        return _refuse(describe_failure(error))
    except KeyboardInterrupt:
        return _refuse("interrupted; nothing was made")
    report = prove(sandbox, options.sandbox, local_aws=options.local_aws)
    if options.json:
        _out.print(report.as_json(), markup=False, soft_wrap=True)
    elif report.results:
        _out.print(report.table())
    if report.failure is not None:
        _say(f"prove: {report.failure}")
    for each in report.left:
        _say(f"prove: left: {each}")
    return 0 if report.proved else ProveError.exit_code


def _refuse(problem: str) -> int:
    _say(f"prove: {problem}")
    return RefusedError.exit_code


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prove", description=__doc__)
    parser.add_argument("--account", required=True, help="number of the sandbox account")
    parser.add_argument("--sandbox", type=Path, default=cdk.PROJECT / "sandbox.json", help="file that describes it")
    parser.add_argument("--yes-account", help="the number again, where nobody can be asked")
    parser.add_argument("--json", action="store_true", help="print what was seen as JSON")
    parser.add_argument(
        "--local-aws", action="store_true", help="leave out what the local AWS cannot show; for the project's own tests"
    )
    return parser.parse_args(arguments)


def _guarded(options: argparse.Namespace) -> Sandbox:
    guards.require_sandbox_number(options.account, declared())
    environment = read_environment(options.sandbox, options.account)
    session = boto3.Session(region_name=environment.region)
    guards.require_credentials(session, options.account)
    sandbox = Sandbox(environment, session, _say)
    guards.require_no_stacks(sandbox)
    _say(announcement(sandbox))
    guards.require_consent(options.account, options.yes_account, sys.stdin, sys.stderr)
    return sandbox


def prove(sandbox: Sandbox, settings: Path, *, local_aws: bool) -> Report:
    """Deploy, check and destroy; a failure or Ctrl-C goes straight to the destruction and never out of here."""
    report, toolkits = Report(), tuple[StackPlace, ...]()
    try:
        toolkits = cdk.missing_toolkits(sandbox)
        cdk.bootstrap(sandbox, toolkits)
        with tempfile.TemporaryDirectory() as output:
            cdk.deploy(sandbox, settings, Path(output))
        for check in CHECKS:
            _say(f"checking {check.name}: {check.expected}")
            report.results.append((check, look(check, sandbox, local_aws=local_aws)))
    except ProveError as error:
        report.failure = str(error)
    except (BotoCoreError, ClientError) as error:
        report.failure = describe_failure(error)
    except KeyboardInterrupt:
        report.failure = "interrupted"
    except Exception as error:  # noqa: BLE001 - a bug must not hide what is left; its message could hold anything
        report.failure = f"{type(error).__name__} in the run itself"
    finally:
        report.left = destroy(sandbox, toolkits)
    return report


def look(check: Check, sandbox: Sandbox, *, local_aws: bool) -> Seen:
    """Do one check. An error on the way is what was seen: the other checks and the destruction go on."""
    if local_aws and not check.shown_locally:
        return Seen(Verdict.NOT_SHOWN, "the local AWS does not do this")
    try:
        return check.look(sandbox)
    except (BotoCoreError, ClientError) as error:
        return Seen(Verdict.FAILED, describe_failure(error))
    except ProveError as error:
        return Seen(Verdict.FAILED, str(error))
    except Exception as error:  # noqa: BLE001 - a bug in a check; its message could hold anything, so its type is told
        return Seen(Verdict.FAILED, f"{type(error).__name__} in the check itself")


def _say(text: str) -> None:
    _err.print(text, markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
