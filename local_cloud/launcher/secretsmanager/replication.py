"""Replicas of a secret in other regions. Callers hold STATE_LOCK.

A replica is a copy under the same ARN but for the region; MiniStack brings it up to date with every ``save``.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html and
https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import Answer, ApiError, Request, Response
from local_cloud.launcher.secretsmanager.store import Secret, find_changeable_secret, find_secret, save

_MODULE = "services.secretsmanager"
_AWS_KEY = "alias/aws/secretsmanager"

Status = dict[str, Any]


def replicate_secret_to_regions(request: Request) -> Answer:
    """Answer ReplicateSecretToRegions. A replica that cannot be made has the status Failed; the call succeeds.

    Raises:
        ApiError: A region is the secret's own, or none is named.
    """
    secret = find_changeable_secret(request.get("SecretId"))
    wanted = request.get("AddReplicaRegions") or []
    if not wanted:
        raise ApiError("InvalidParameterException", "You must specify at least one region in AddReplicaRegions.")
    check_regions(wanted)
    statuses: dict[str, Status] = {status["Region"]: status for status in secret["ReplicationStatus"]}
    overwrite = bool(request.get("ForceOverwriteReplicaSecret"))
    for replica in wanted:
        region, key = replica["Region"], replica.get("KmsKeyId") or _AWS_KEY
        problem = _problem(secret, region, key, overwrite=overwrite)
        status = {"Region": region, "KmsKeyId": key, "Status": "Failed" if problem else "InSync"}
        statuses[region] = {**status, "StatusMessage": problem} if problem else status
        if not problem:
            _copy(secret, region, key)
    secret["ReplicationStatus"] = list(statuses.values())
    save(secret)
    return {"ARN": secret["ARN"], "ReplicationStatus": secret["ReplicationStatus"]}


def check_regions(replicas: list[Request]) -> None:
    """Refuse replicas in the caller's own region.

    Raises:
        ApiError: One is there.
    """
    own = emulated("core.responses", "get_region")()
    if any(replica.get("Region") == own for replica in replicas):
        raise ApiError("InvalidParameterException", f"You can't replicate a secret of {own} to {own}.")


def _problem(secret: Secret, region: str, key: str, *, overwrite: bool) -> str | None:
    """Return why a replica cannot be made; None if it can."""
    if not _is_usable(key, region):
        return f"Replication failed: KMS key {key} in {region} is disabled or not found."
    other = _secrets().get_scoped(_account(), region, secret["Name"])
    if other is not None and other["ARN"] != _replica_arn(secret, region) and not overwrite:
        return f"Replication failed: Secret name {secret['Name']} already exists in region {region}."
    return None


def _is_usable(key: str, region: str) -> bool:
    if key == _AWS_KEY:
        return True
    with emulated("core.responses", "request_scope")(_account(), region):
        record = emulated("services.kms", "_resolve_key")(key)
    return record is not None and record["KeyState"] == "Enabled"


def _copy(secret: Secret, region: str, key: str) -> None:
    """Put the beginning of a replica in its region; ``save`` copies the rest."""
    arn = _replica_arn(secret, region)
    _secrets().set_scoped(_account(), region, secret["Name"], {"ARN": arn, "KmsKeyId": key})
    policies = emulated(_MODULE, "_resource_policies")
    if secret["ARN"] in policies:
        policies.set_scoped(_account(), region, arn, policies[secret["ARN"]])


def remove_regions_from_replication(request: Request) -> Answer:
    """Answer RemoveRegionsFromReplication: the replicas of these regions are gone at once.

    Raises:
        ApiError: There is no replica in one of the regions.
    """
    secret = find_changeable_secret(request.get("SecretId"))
    regions = request.get("RemoveReplicaRegions") or []
    statuses = {status["Region"]: status for status in secret["ReplicationStatus"]}
    unknown = [region for region in regions if region not in statuses]
    if unknown or not regions:
        raise ApiError("InvalidParameterException", f"The secret is not replicated to {unknown or 'no region'}.")
    removed = [statuses.pop(region) for region in regions]
    emulated(_MODULE, "_delete_replicas")({**secret, "ReplicationStatus": removed})
    secret["ReplicationStatus"] = list(statuses.values())
    save(secret)
    return {"ARN": secret["ARN"], "ReplicationStatus": secret["ReplicationStatus"]}


def keeping_replicated_secrets(delete_secret: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Make DeleteSecret refuse a secret that has replicas (API_DeleteSecret)."""

    def answer(request: Request) -> Response:
        secret = find_secret(request.get("SecretId"), deleted_too=True)
        if regions := [status["Region"] for status in secret["ReplicationStatus"]]:
            raise ApiError(
                "InvalidRequestException",
                f"You can't delete secret {secret['Name']} that still has replica regions {', '.join(regions)}.",
            )
        return delete_secret(request)

    return answer


def _replica_arn(secret: Secret, region: str) -> str:
    return str(emulated(_MODULE, "_secret_arn_for_region")(secret, region))


def _secrets() -> Any:  # noqa: ANN401 - MiniStack is untyped
    return emulated(_MODULE, "_secrets")


def _account() -> str:
    return str(emulated("core.responses", "get_account_id")())
