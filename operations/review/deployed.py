"""What is deployed, for those whose credentials can show it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from operations.errors import OperationError
from operations.review.assembly import Stack, Template

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_WAITS = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})


def why_not_deployed(stacks: Sequence[Stack]) -> str | None:
    """Return why *stacks* cannot be compared with what is deployed, or None when they can be.

    AWS is asked only when there are credentials.
    """
    accounts = {stack.account for stack in stacks}
    if len(accounts) > 1:
        return "the stacks are in several accounts"
    try:
        session = boto3.Session(region_name=stacks[0].region)
        if session.get_credentials() is None:
            return "there are no AWS credentials"
        used = session.client("sts", config=_WAITS).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        return f"AWS does not accept the credentials ({type(error).__name__})"
    (wanted,) = accounts
    if wanted not in {None, used}:
        return f"the credentials belong to account {used}, the stacks to {wanted}"
    return None


def read_deployed(stacks: Sequence[Stack]) -> dict[str, Template]:
    """Return the templates that are deployed by the id of their stack; what is not deployed is left out.

    Needs ``cloudformation:GetTemplate``; nothing is written, not even a change set.

    Raises:
        OperationError: AWS does not answer, or refuses.
    """
    found = {}
    for stack in stacks:
        client = boto3.client("cloudformation", region_name=stack.region, config=_WAITS)
        template = _read(client, stack)
        if template is not None:
            found[stack.id] = template
    return found


def _read(client: "CloudFormationClient", stack: Stack) -> Template | None:
    try:
        answer = client.get_template(StackName=stack.name, TemplateStage="Original")
    except (BotoCoreError, ClientError) as error:
        problem = str(error)
    else:
        return dict(answer["TemplateBody"])
    if "does not exist" in problem:  # the API has no code of its own for it
        return None
    raise OperationError(f"{stack.name} cannot be compared with what is deployed ({problem}); compare with BASE=main")
