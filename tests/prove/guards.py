"""What keeps a run from an account that is not a sandbox."""

import re
from collections.abc import Sequence
from typing import Any, TextIO

from botocore.exceptions import BotoCoreError, ClientError

from config.environment import Environment
from operations.observe import describe_failure
from tests.prove.errors import RefusedError
from tests.prove.sandbox import Sandbox


def require_sandbox_number(account: str, declared: Sequence[Environment]) -> None:
    """Refuse a number that is none, or that config gives to an environment.

    Raises:
        RefusedError: It is.
    """
    if not re.fullmatch(r"\d{12}", account):
        raise RefusedError(
            f"ACCOUNT is {account!r}; allowed are the twelve digits of a sandbox: make prove ACCOUNT=123412341234"
        )
    owners = [environment.name for environment in declared if environment.account.id == account]
    if owners:
        raise RefusedError(
            f"ACCOUNT is {account}, where config/environments.py has {' and '.join(owners)}; take an account of no "
            "environment"
        )


def require_credentials(session: Any, account: str) -> None:
    """Refuse credentials of another account.

    Raises:
        RefusedError: They are another's, or AWS does not accept them.
    """
    try:
        found = session.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        problem = f"the credentials cannot be used: {describe_failure(error)}; log in to account {account}"
    else:
        if found == account:
            return
        problem = f"the credentials belong to account {found}; ACCOUNT is {account}: log in there"
    raise RefusedError(problem)


def require_no_stacks(sandbox: Sandbox) -> None:
    """Refuse an account that has one of the stacks, since a run ends by destroying them.

    Raises:
        RefusedError: It has, or AWS does not say.
    """
    try:
        found = [stack for stack in sandbox.stacks if sandbox.stack_status(stack) is not None]
    except (BotoCoreError, ClientError) as error:
        problem = f"the account's stacks cannot be listed: {describe_failure(error)}"
    else:
        if not found:
            return
        problem = (
            f"{found[0].name} exists in {found[0].region} already, and this would destroy it; if an earlier run left "
            f"it: aws cloudformation delete-stack --stack-name {found[0].name} --region {found[0].region}"
        )
    raise RefusedError(problem)


def require_consent(account: str, given: str | None, source: TextIO, prompt: TextIO) -> None:
    """Have a person type the account's number, unless the command gave it already.

    Args:
        account: The sandbox.
        given: What ``--yes-account`` says.
        source: Where the person types.
        prompt: Where they are asked.

    Raises:
        RefusedError: It is another number, or nobody can be asked.
    """
    if given is None:
        if not source.isatty():
            raise RefusedError(
                f"nobody can be asked, since standard input is no terminal; give --yes-account {account}"
            )
        prompt.write(f"Type the account's number {account} to go on: ")
        prompt.flush()
        given = source.readline().strip()
    if given != account:
        raise RefusedError(f"the number given is {given!r}; allowed is {account}; nothing was made")
