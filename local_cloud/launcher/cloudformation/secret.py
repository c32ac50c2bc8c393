"""``Ref`` of AWS::SecretsManager::Secret is the secret's ARN; MiniStack makes it the name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
MiniStack's own handlers go on taking names: a physical id is turned into one on the way in.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from local_cloud.launcher.emulator import emulated

Created: TypeAlias = tuple[str, dict[str, str]]

TYPE = "AWS::SecretsManager::Secret"


def install_secret_ref() -> None:
    """Make the ARN the physical id of secrets in stacks, for updates, deletion and drift detection too."""
    handlers = emulated("services.cloudformation.provisioners", "_RESOURCE_HANDLERS")
    own = handlers[TYPE]
    handlers[TYPE] = {
        **own,
        "create": _returning_arn(own["create"]),
        "update": _returning_arn(_taking_arn(own["update"])),
        "delete": _taking_arn(own["delete"]),
    }
    readers = emulated("services.cloudformation.drift", "_DRIFT_READERS")
    read, properties = readers[TYPE]
    readers[TYPE] = (_taking_arn(read), properties)


def _returning_arn(handler: Callable[..., Created]) -> Callable[..., Created]:
    def handle(*arguments: Any) -> Created:  # noqa: ANN401 - MiniStack is untyped
        _, attributes = handler(*arguments)
        return attributes["Arn"], attributes

    return handle


def _taking_arn(handler: Callable[..., Any]) -> Callable[..., Any]:
    def handle(physical_id: str, *rest: Any) -> Any:  # noqa: ANN401 - MiniStack is untyped
        name, _ = emulated("services.secretsmanager", "_resolve")(physical_id)
        return handler(name or physical_id, *rest)

    return handle
