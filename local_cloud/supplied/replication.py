"""Behaviours of replicas."""

from local_cloud.supplied.row import API, GUIDE, Supplied, rows

_REPLICATION = "launcher/secretsmanager/test_replication.py"
_STACK_SECRET = "launcher/cloudformation/test_secret.py"  # noqa: S105 - a file
_TEMPLATE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/{}.html"

REPLICATION: tuple[Supplied, ...] = (
    *rows(
        _REPLICATION,
        API.format("CreateSecret"),
        (
            "CreateSecret makes replicas (AddReplicaRegions)",
            "test_replica_has_the_same_arn_but_for_the_region_when_it_is_made",
        ),
    ),
    *rows(
        _REPLICATION,
        API.format("ReplicateSecretToRegions"),
        ("no replica in the secret's own region", "test_no_secret_is_made_when_a_replica_is_to_be_in_its_own_region"),
    ),
    *rows(
        _REPLICATION,
        API.format("RemoveRegionsFromReplication"),
        ("RemoveRegionsFromReplication", "test_secret_can_be_deleted_when_its_replicas_were_removed"),
    ),
    *rows(
        _REPLICATION,
        API.format("DeleteSecret"),
        ("a secret with replicas is not deleted", "test_secret_stays_when_it_has_replicas"),
    ),
    *rows(
        _REPLICATION,
        GUIDE.format("replicate-secrets_troubleshoot"),
        (
            "a replica fails when its key is disabled or not found",
            "test_replica_fails_while_the_call_succeeds_when_its_key_does_not_exist",
        ),
        ("a replica fails when its name is taken", "test_replica_fails_when_its_name_is_taken"),
    ),
    *rows(
        _STACK_SECRET,
        _TEMPLATE.format("aws-resource-secretsmanager-secret"),
        (
            "a region that leaves ReplicaRegions loses its replica",
            "test_replica_leaves_with_its_region_when_the_template_drops_it",
        ),
    ),
)
