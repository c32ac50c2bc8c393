"""What all buckets have in common."""

from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class BucketProps:
    """What a bucket is.

    Attributes:
        name: Physical name, unique in the world.
        key: Encrypts every object, with a bucket key.
        lifecycle: When objects end.
        removal_policy: What happens to it when it leaves the stack.
        lock: How long no version may be deleted by anybody; None without Object Lock.
    """

    name: str
    key: kms.IKey
    lifecycle: s3.LifecycleRule
    removal_policy: RemovalPolicy
    lock: s3.ObjectLockRetention | None = None


def private_bucket(scope: Construct, construct_id: str, *, props: BucketProps) -> s3.Bucket:
    """Return a bucket that nobody reaches without TLS or from outside the account: encrypted, versioned."""
    return s3.Bucket(
        scope,
        construct_id,
        bucket_name=props.name,
        encryption=s3.BucketEncryption.KMS,
        encryption_key=props.key,
        bucket_key_enabled=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        object_lock_default_retention=props.lock,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[props.lifecycle],
        removal_policy=props.removal_policy,
    )
