"""A first deployment that fails half-way leaves nothing that stands in the way of the next."""

import uuid
from typing import Any

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack, secret
from tests.unit.local_cloud.launcher.cloudformation.templates import TRAIL, key, trail
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

KEPT = "RetainExceptOnCreate"
BROKEN = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "no-alias", "TargetKeyId": {"Ref": "Key"}}}


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4()}-kept"


def _kept(name: str) -> Resources:
    """Return everything that has a fixed name, kept but for a first creation that fails."""
    alias = {"AliasName": f"alias/{name}", "TargetKeyId": {"Ref": "Key"}}
    resources: Resources = {
        **trail(name),
        "Secret": secret(name, ReplicaRegions=[{"Region": "eu-west-1"}]),
        "SecretKey": key(),
        "Alias": {"Type": "AWS::KMS::Alias", "Properties": alias},
    }
    resources["Role"]["Properties"]["RoleName"] = name
    return {logical: {**each, "DeletionPolicy": KEPT} for logical, each in resources.items()}


def _with_failure(resources: Resources) -> Resources:
    return {**resources, "Broken": {**BROKEN, "DependsOn": list(resources)}}


def _redeployed(own: LocalAws, failed: Stack, resources: dict[str, Any]) -> Stack:
    """Delete a failed stack, as the CDK does before it tries again, and deploy anew."""
    failed.delete()
    again = Stack(own)
    again.deploy(resources)
    return again


def test_next_deployment_succeeds_when_the_first_failed_half_way(own: LocalAws, own_stack: Stack, name: str) -> None:
    resources = _kept(name)
    own_stack.attempt(_with_failure(resources))
    assert own_stack.status() == "ROLLBACK_COMPLETE"
    again = _redeployed(own, own_stack, resources)
    assert again.status() == "CREATE_COMPLETE"


def test_nothing_is_lost_when_an_update_fails(own: LocalAws, own_stack: Stack, name: str) -> None:
    own_stack.deploy(_kept(name))
    own.secrets.put_secret_value(SecretId=name, SecretString="rotated since")
    own_stack.attempt(_with_failure(_kept(name)))
    assert own_stack.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert own.value(name) == "rotated since"
    assert own.in_region("eu-west-1").value(name) == "rotated since"
    assert own.trail.get_trail_status(Name=TRAIL)["IsLogging"] is True


def test_resources_are_kept_when_their_stack_is_deleted(own: LocalAws, own_stack: Stack, name: str) -> None:
    own_stack.deploy(_kept(name))
    own_stack.delete()
    assert own.secrets.describe_secret(SecretId=name)["ReplicationStatus"][0]["Status"] == "InSync"
    assert own.trail.get_trail_status(Name=TRAIL)["IsLogging"] is True
    assert own.iam.get_role(RoleName=name)["Role"]["RoleName"] == name


def test_name_is_free_at_once_when_a_secret_leaves_the_stack(own: LocalAws, own_stack: Stack, name: str) -> None:
    own_stack.deploy({"Secret": secret(name), "Other": secret(f"{name}-other")})
    own_stack.deploy({"Other": secret(f"{name}-other")})
    assert own.secrets.create_secret(Name=name, SecretString="somebody's")["Name"] == name


def test_name_is_taken_when_its_secret_waits_for_deletion(own: LocalAws, own_stack: Stack, name: str) -> None:
    own.secrets.create_secret(Name=name, SecretString="old")
    own.secrets.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    own_stack.attempt({"Secret": secret(name)})
    assert "already exists" in own_stack.failures()
