"""What the second region holds."""

from typing import Any

from botocore.exceptions import ClientError

from tests.prove.checks.check import Seen, seen
from tests.prove.sandbox import Sandbox

_SYNC_MINUTES = 5


def replicas_in_sync(sandbox: Sandbox) -> Seen:
    """Wait until every replica has the version that is current in the first region."""
    paths = sandbox.environment.secret_paths
    replicas = sandbox.client("secretsmanager", sandbox.environment.recovery_region)

    def behind() -> list[str]:
        return [path for path in paths if not _in_sync(sandbox, replicas, path)]

    done = sandbox.wait_for(lambda: not behind(), _SYNC_MINUTES)
    return seen(f"{len(paths)} replicas InSync" if done else f"not: {', '.join(behind())}", as_expected=done)


def _in_sync(sandbox: Sandbox, replicas: Any, path: str) -> bool:
    primary = sandbox.describe(path)
    try:
        replica = replicas.describe_secret(SecretId=sandbox.secret(path))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    states = [each["Status"] for each in primary.get("ReplicationStatus", [])]
    return states == ["InSync"] and _current(primary) == _current(replica)


def _current(described: dict[str, Any]) -> list[str]:
    return [version for version, stages in described["VersionIdsToStages"].items() if "AWSCURRENT" in stages]


def backups_are_locked(sandbox: Sandbox) -> Seen:
    """Look at the Object Lock of the bucket for backups."""
    recovery = sandbox.stacks[1]
    (bucket,) = sandbox.made(recovery, "AWS::S3::Bucket")
    answer = sandbox.client("s3", recovery.region).get_object_lock_configuration(Bucket=bucket)
    lock = answer["ObjectLockConfiguration"]
    retention = lock.get("Rule", {}).get("DefaultRetention", {})
    text = f"Object Lock {lock['ObjectLockEnabled']}, {retention.get('Mode')} for {retention.get('Days')} day(s)"
    return seen(text, as_expected=retention == {"Mode": "GOVERNANCE", "Days": 1})
