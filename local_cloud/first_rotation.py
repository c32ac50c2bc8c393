"""Wait until every deployed secret has been rotated for the first time."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from alees_secrets.naming import prefix
from local_cloud.aws import new_session
from local_cloud.cloud import RunningCloud
from local_cloud.errors import LocalCloudError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_TIMEOUT_SECONDS = 120.0
_POLL_SECONDS = 0.2
_FAILED = "RotationFailed"
_LAMBDA_LINES = ("START RequestId", "END RequestId", "REPORT RequestId")


def wait_for_first_rotations(cloud: RunningCloud, rotated: Callable[[str], None]) -> None:
    """Return when every secret of the Local environment that rotates has been rotated once.

    Args:
        cloud: Where they are.
        rotated: Called with the name of each as it is found to be.

    Raises:
        LocalCloudError: A rotation failed or takes over two minutes. The message holds the function's last line.
    """
    client = new_session().client("secretsmanager", **cloud.client_options)
    waiting = _rotating_secrets(client, prefix(cloud.description.environment().slug))
    failures = {name: _take_up_failed(cloud, client, name) for name in waiting}
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while waiting:
        for name in sorted(waiting):
            described = client.describe_secret(SecretId=name)
            # boto3's types say that the date is always there.
            if {"LastRotatedDate"} <= described.keys():
                waiting.remove(name)
                rotated(name)
            elif _failures(cloud, described["ARN"]) > failures[name]:
                cause = _cause(cloud, described["RotationLambdaARN"])
                raise LocalCloudError(f"the first rotation of {name} failed: {cause}")
        if time.monotonic() > deadline:
            names, log = ", ".join(sorted(waiting)), cloud.state.launcher_log
            raise LocalCloudError(f"not rotated after {_TIMEOUT_SECONDS:.0f} s: {names}; see {log}")
        time.sleep(_POLL_SECONDS if waiting else 0)


def _take_up_failed(cloud: RunningCloud, client: "SecretsManagerClient", name: str) -> int:
    """Start a first rotation that failed earlier again, and return how often it has failed by now."""
    described = client.describe_secret(SecretId=name)
    failures = _failures(cloud, described["ARN"])
    versions = described["VersionIdsToStages"].items()
    pending = next((version for version, labels in versions if "AWSPENDING" in labels), None)
    if failures and pending is not None:
        client.rotate_secret(SecretId=name, ClientRequestToken=pending)
    return failures


def _rotating_secrets(client: "SecretsManagerClient", name_prefix: str) -> set[str]:
    pages = client.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": [name_prefix]}])
    return {
        secret["Name"]
        for page in pages
        for secret in page["SecretList"]
        if secret["Name"].startswith(name_prefix) and secret.get("RotationEnabled")
    }


def _failures(cloud: RunningCloud, arn: str) -> int:
    """Return how many failed rotations of a secret CloudTrail's event history has."""
    client = new_session().client("cloudtrail", **cloud.client_options)
    events = client.lookup_events(LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": arn}])["Events"]
    return sum(event["EventName"] == _FAILED for event in events)


def _cause(cloud: RunningCloud, function_arn: str) -> str:
    """Return the last line that the function logged itself, and where the rest is."""
    session = new_session()
    settings = session.client("lambda", **cloud.client_options).get_function_configuration(FunctionName=function_arn)
    group = settings.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{settings['FunctionName']}"
    logs = session.client("logs", **cloud.client_options)
    streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
    lines = [
        event["message"]
        for stream in streams[:1]
        for event in logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
        if not event["message"].startswith(_LAMBDA_LINES)
    ]
    return f"{lines[-1] if lines else 'it logged nothing'} (log group {group} of the local AWS)"
