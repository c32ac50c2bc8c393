import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.local_aws import ALL_SECRETS, LocalAws, wait_until

pytestmark = pytest.mark.servers

RECOVERY = "eu-west-1"
ABSENT_KEY = "alias/alees/absent"


@pytest.fixture(scope="module")
def recovery(aws: LocalAws) -> LocalAws:
    """The same account in the recovery region."""
    return aws.in_region(RECOVERY)


@pytest.fixture
def replicated(aws: LocalAws) -> str:
    """The name of a secret with a replica."""
    name = f"test/{uuid.uuid4()}/made"
    aws.secrets.create_secret(Name=name, SecretString="first", AddReplicaRegions=[{"Region": RECOVERY}])
    return name


def _status(aws: LocalAws, name: str) -> dict[str, Any]:
    (status,) = aws.secrets.describe_secret(SecretId=name)["ReplicationStatus"]
    return dict(status)


def _replicate(aws: LocalAws, secret_id: str, key: str) -> None:
    aws.secrets.replicate_secret_to_regions(
        SecretId=secret_id, AddReplicaRegions=[{"Region": RECOVERY, "KmsKeyId": key}]
    )


def test_replica_has_the_same_arn_but_for_the_region_when_it_is_made(
    aws: LocalAws, recovery: LocalAws, replicated: str
) -> None:
    primary, replica = (each.secrets.describe_secret(SecretId=replicated) for each in (aws, recovery))
    assert replica["ARN"] == primary["ARN"].replace("eu-central-1", RECOVERY)
    assert (replica["PrimaryRegion"], recovery.value(replicated)) == ("eu-central-1", "first")
    assert _status(aws, replicated) == {"Region": RECOVERY, "KmsKeyId": "alias/aws/secretsmanager", "Status": "InSync"}


def test_replica_follows_when_a_value_is_put(aws: LocalAws, recovery: LocalAws, replicated: str) -> None:
    aws.secrets.put_secret_value(SecretId=replicated, SecretString="second")
    assert recovery.value(replicated) == "second"
    assert recovery.labels(replicated) == aws.labels(replicated)


def test_replica_follows_when_a_label_moves(aws: LocalAws, recovery: LocalAws, replicated: str) -> None:
    second = aws.secrets.put_secret_value(SecretId=replicated, SecretString="second")["VersionId"]
    first = aws.labels(replicated)["AWSPREVIOUS"]
    aws.secrets.update_secret_version_stage(
        SecretId=replicated, VersionStage="AWSCURRENT", MoveToVersionId=first, RemoveFromVersionId=second
    )
    assert recovery.value(replicated) == "first"


def test_replica_follows_when_the_secret_rotates(
    aws: LocalAws, recovery: LocalAws, replicated: str, rotator: str
) -> None:
    aws.secrets.rotate_secret(SecretId=replicated, RotationLambdaARN=rotator)
    wait_until(lambda: recovery.value(replicated).startswith("made by createSecret"), "the replica is behind")
    wait_until(lambda: recovery.labels(replicated) == aws.labels(replicated), "the replica's labels are behind")
    assert recovery.value(replicated) == aws.value(replicated)


def test_replica_cannot_be_written_when_it_is_called_in_its_region(recovery: LocalAws, replicated: str) -> None:
    for change in (recovery.secrets.put_secret_value, recovery.secrets.update_secret):
        with pytest.raises(recovery.secrets.exceptions.InvalidRequestException, match="replica"):
            change(SecretId=replicated, SecretString="other")
    with pytest.raises(recovery.secrets.exceptions.InvalidRequestException, match="replica"):
        recovery.secrets.delete_secret(SecretId=replicated)


def test_replica_fails_while_the_call_succeeds_when_its_key_does_not_exist(aws: LocalAws, recovery: LocalAws) -> None:
    arn = aws.new_secret()
    _replicate(aws, arn, ABSENT_KEY)
    assert _status(aws, arn)["Status"] == "Failed"
    assert f"{ABSENT_KEY} in eu-west-1 is disabled or not found" in _status(aws, arn)["StatusMessage"]
    with pytest.raises(recovery.secrets.exceptions.ResourceNotFoundException):
        recovery.value(arn.replace("eu-central-1", RECOVERY))


def test_replica_is_in_sync_when_it_is_retried_after_its_key_was_made(aws: LocalAws, recovery: LocalAws) -> None:
    arn, alias = aws.new_secret(), f"alias/test/{uuid.uuid4()}"
    _replicate(aws, arn, alias)
    made = recovery.client("kms").create_key()["KeyMetadata"]["KeyId"]
    recovery.client("kms").create_alias(AliasName=alias, TargetKeyId=made)
    _replicate(aws, arn, alias)
    assert _status(aws, arn) == {"Region": RECOVERY, "KmsKeyId": alias, "Status": "InSync"}


def test_replica_fails_when_its_name_is_taken(aws: LocalAws, recovery: LocalAws) -> None:
    name = f"test/{uuid.uuid4()}/made"
    recovery.secrets.create_secret(Name=name, SecretString="somebody's")
    aws.secrets.create_secret(Name=name, SecretString="first", AddReplicaRegions=[{"Region": RECOVERY}])
    assert _status(aws, name)["Status"] == "Failed"
    assert recovery.value(name) == "somebody's"
    aws.secrets.replicate_secret_to_regions(
        SecretId=name, AddReplicaRegions=[{"Region": RECOVERY}], ForceOverwriteReplicaSecret=True
    )
    assert recovery.value(name) == "first"


def test_no_secret_is_made_when_a_replica_is_to_be_in_its_own_region(aws: LocalAws) -> None:
    name = f"test/{uuid.uuid4()}/made"
    with pytest.raises(aws.secrets.exceptions.InvalidParameterException):
        aws.secrets.create_secret(Name=name, SecretString="first", AddReplicaRegions=[{"Region": "eu-central-1"}])
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException):
        aws.secrets.describe_secret(SecretId=name)


def test_secret_stays_when_it_has_replicas(aws: LocalAws, replicated: str) -> None:
    with pytest.raises(aws.secrets.exceptions.InvalidRequestException, match="still has replica regions eu-west-1"):
        aws.secrets.delete_secret(SecretId=replicated, ForceDeleteWithoutRecovery=True)
    assert aws.value(replicated) == "first"


def test_secret_can_be_deleted_when_its_replicas_were_removed(
    aws: LocalAws, recovery: LocalAws, replicated: str
) -> None:
    aws.secrets.remove_regions_from_replication(SecretId=replicated, RemoveReplicaRegions=[RECOVERY])
    with pytest.raises(recovery.secrets.exceptions.ResourceNotFoundException):
        recovery.value(replicated)
    aws.secrets.delete_secret(SecretId=replicated, ForceDeleteWithoutRecovery=True)
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException):
        aws.value(replicated)


def test_removal_is_refused_when_there_is_no_replica(aws: LocalAws) -> None:
    with pytest.raises(aws.secrets.exceptions.InvalidParameterException):
        aws.secrets.remove_regions_from_replication(SecretId=aws.new_secret(), RemoveReplicaRegions=[RECOVERY])


def test_copied_policy_decides_when_the_replica_is_read(aws: LocalAws, recovery: LocalAws, replicated: str) -> None:
    reader, stranger = f"reader-{uuid.uuid4()}", f"stranger-{uuid.uuid4()}"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/test/{reader}"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.secrets.put_resource_policy(SecretId=replicated, ResourcePolicy=policy)
    assert recovery.secrets.get_resource_policy(SecretId=replicated)["ResourcePolicy"] == policy
    assert recovery.role_client(reader, ALL_SECRETS).get_secret_value(SecretId=replicated)["SecretString"] == "first"
    denied = recovery.role_client(stranger, ALL_SECRETS)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        denied.get_secret_value(SecretId=replicated)
