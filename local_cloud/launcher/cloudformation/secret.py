"""What is different in AWS of AWS::SecretsManager::Secret.

``Ref`` is the secret's ARN; MiniStack makes it the name. A region that leaves ReplicaRegions loses its replica.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
MiniStack's own handlers go on taking names: a physical id is turned into one on the way in.
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Create, Created, Properties, wrap_handler
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import STATE_LOCK, ApiError
from local_cloud.launcher.secretsmanager.replication import check_regions, remove_regions_from_replication

TYPE = "AWS::SecretsManager::Secret"

_REPLICAS = "ReplicaRegions"


def install_secret() -> None:
    """Make the ARN the physical id of secrets in stacks, for drift detection too, and remove dropped replicas."""
    wrap_handler(TYPE, "create", _creating)
    wrap_handler(TYPE, "update", _updating)
    wrap_handler(TYPE, "delete", _taking_arn)
    readers = emulated("services.cloudformation.drift", "_DRIFT_READERS")
    read, properties = readers[TYPE]
    readers[TYPE] = (_taking_arn(read), properties)


def _creating(create: Create) -> Create:
    def handle(logical_id: str, properties: Properties, stack: str) -> Created:
        try:
            # Before anything is made: a resource that failed is not the stack's, so nobody would delete it.
            check_regions(properties.get(_REPLICAS) or [])
        except ApiError as error:
            problem = f"{TYPE}: {error.message} ({error.code})"
        else:
            with STATE_LOCK:
                _, attributes = create(logical_id, properties, stack)
            return attributes["Arn"], attributes
        raise ValueError(problem)

    return handle


def _updating(update: Callable[..., Created]) -> Callable[..., Created]:
    def handle(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Created:  # noqa: ANN401 - MiniStack is untyped
        with STATE_LOCK:
            _, attributes = _taking_arn(update)(physical_id, old, new, *rest)
            dropped = sorted(_regions(old) - _regions(new))
            if dropped and attributes["Arn"] == physical_id:
                remove_regions_from_replication({"SecretId": physical_id, "RemoveReplicaRegions": dropped})
        return attributes["Arn"], attributes

    return handle


def _regions(properties: Properties) -> set[str]:
    return {replica["Region"] for replica in properties.get(_REPLICAS) or []}


def _taking_arn(handler: Callable[..., Any]) -> Callable[..., Any]:
    def handle(physical_id: str, *rest: Any) -> Any:  # noqa: ANN401 - MiniStack is untyped
        name, _ = emulated("services.secretsmanager", "_resolve")(physical_id)
        return handler(name or physical_id, *rest)

    return handle
