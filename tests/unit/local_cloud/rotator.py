"""A rotation function whose behaviour the secret's tags steer. Runs inside the local AWS.

fail=STEP: that step fails. fail-once=STEP: it fails the first time. hold=STEP: it waits until the tag is gone.
skip=STEP: it does nothing.
"""

import sys
import time
import uuid
from typing import Any

import boto3


def handler(event: dict[str, str], _context: object) -> None:
    """Do one step and log which."""
    client: Any = boto3.client("secretsmanager")
    secret_id, step, token = event["SecretId"], event["Step"], event["ClientRequestToken"]
    sys.stderr.write(f"invoked {secret_id} {step} {token}\n")
    deadline = time.monotonic() + 20
    while _tags(client, secret_id).get("hold") == step and time.monotonic() < deadline:
        time.sleep(0.05)
    tags = _tags(client, secret_id)
    if tags.get("fail-once") == step:
        client.untag_resource(SecretId=secret_id, TagKeys=["fail-once"])
        message = "failed once, as the tag says"
        raise RuntimeError(message)
    if tags.get("fail") == step:
        message = "failed, as the tag says"
        raise RuntimeError(message)
    if tags.get("skip") == step:
        return
    if step == "createSecret":
        _create(client, secret_id, token)
    if step == "finishSecret":
        _finish(client, secret_id, token)


def _create(client: Any, secret_id: str, token: str) -> None:
    try:
        client.get_secret_value(SecretId=secret_id, VersionId=token, VersionStage="AWSPENDING")
    except client.exceptions.ResourceNotFoundException:
        client.put_secret_value(
            SecretId=secret_id,
            ClientRequestToken=token,
            SecretString=f"made by createSecret {uuid.uuid4()}",
            VersionStages=["AWSPENDING"],
        )


def _finish(client: Any, secret_id: str, token: str) -> None:
    versions = client.describe_secret(SecretId=secret_id)["VersionIdsToStages"]
    current = next(version for version, labels in versions.items() if "AWSCURRENT" in labels)
    if current != token:
        client.update_secret_version_stage(
            SecretId=secret_id, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
        )


def _tags(client: Any, secret_id: str) -> dict[str, str]:
    tags = client.describe_secret(SecretId=secret_id).get("Tags", [])
    return {tag["Key"]: tag["Value"] for tag in tags}
