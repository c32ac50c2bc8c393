"""Take away everything that a run made, whatever happened in between."""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from alees_secrets import naming
from operations.observe import describe_failure
from tests.prove.sandbox import Sandbox, StackPlace


def destroy(sandbox: Sandbox, toolkits: Sequence[StackPlace]) -> list[str]:
    """Destroy the sandbox's stacks and *toolkits*, the bootstrap stacks that this run made.

    Returns:
        What is left: why, and the command that takes it away. Keys are left to AWS, which deletes them in 30 days.
    """
    account = sandbox.stacks[0]
    left = _each(list(reversed(sandbox.stacks[1:])), lambda stack: _delete_stack(sandbox, stack))
    # CloudTrail goes on delivering for some minutes, so the bucket may fill again while it is being deleted.
    for _ in range(2):
        of_account = _each([account], lambda stack: _delete_account(sandbox, stack))
        if not of_account:
            break
    left += of_account
    if not left:  # the bootstrap's roles are what stacks are deleted with
        left += _each(toolkits, lambda toolkit: _delete_toolkit(sandbox, toolkit))
    for region in (sandbox.environment.region, sandbox.environment.recovery_region):
        left += _secrets_left(sandbox, region)
    return left


def _each(stacks: Sequence[StackPlace], delete: Callable[[StackPlace], None]) -> list[str]:
    left = []
    for stack in stacks:
        try:
            delete(stack)
        except (BotoCoreError, ClientError, KeyboardInterrupt) as error:
            command = f"aws cloudformation delete-stack --stack-name {stack.name} --region {stack.region}"
            left.append(f"{stack.name} in {stack.region} ({_why(error)}): {command}")
    return left


def _why(error: BaseException) -> str:
    if isinstance(error, WaiterError):  # it tells no more than that the stack is still there
        return "its events say why"
    return describe_failure(error) if isinstance(error, BotoCoreError | ClientError) else "interrupted"


def _delete_stack(sandbox: Sandbox, stack: StackPlace) -> None:
    if sandbox.stack_status(stack) is None:
        return
    sandbox.say(f"destroying {stack.name} in {stack.region}")
    client = sandbox.client("cloudformation", stack.region)
    client.delete_stack(StackName=stack.name)
    client.get_waiter("stack_delete_complete").wait(StackName=stack.name, WaiterConfig={"Delay": 5, "MaxAttempts": 720})


def _delete_account(sandbox: Sandbox, stack: StackPlace) -> None:
    for trail in sandbox.made(stack, "AWS::CloudTrail::Trail"):
        sandbox.client("cloudtrail", stack.region).stop_logging(Name=trail)
    for bucket in sandbox.made(stack, "AWS::S3::Bucket"):
        _empty(sandbox.client("s3", stack.region), bucket)
    _delete_stack(sandbox, stack)


def _delete_toolkit(sandbox: Sandbox, toolkit: StackPlace) -> None:
    """Delete a bootstrap stack and its bucket, which CloudFormation keeps."""
    s3 = sandbox.client("s3", toolkit.region)
    buckets = sandbox.made(toolkit, "AWS::S3::Bucket")
    _delete_stack(sandbox, toolkit)
    for bucket in buckets:
        _empty(s3, bucket)
        s3.delete_bucket(Bucket=bucket)


def _empty(s3: Any, bucket: str) -> None:
    """Delete every version of every object; one call takes a thousand, which is a page."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})


def _secrets_left(sandbox: Sandbox, region: str) -> list[str]:
    """Return the secrets of a region that outlived their stacks; replicas are secrets of theirs."""
    prefix = naming.prefix(sandbox.environment.slug)
    try:
        pages = sandbox.client("secretsmanager", region).get_paginator("list_secrets")
        names = [
            each["Name"]
            for page in pages.paginate(Filters=[{"Key": "name", "Values": [prefix]}])
            for each in page["SecretList"]
        ]
    except (BotoCoreError, ClientError, KeyboardInterrupt) as error:
        return [f"perhaps secrets in {region} ({_why(error)}): aws secretsmanager list-secrets --region {region}"]
    return [
        f"{name} in {region}: aws secretsmanager delete-secret --secret-id {name} --region {region} "
        "--force-delete-without-recovery"
        for name in names
    ]
