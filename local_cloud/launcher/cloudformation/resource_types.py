"""How a resource type of CloudFormation is added, or changed, in the emulator."""

from collections.abc import Callable
from typing import Any, TypeAlias

from local_cloud.launcher.emulator import emulated

Properties: TypeAlias = dict[str, Any]
Created: TypeAlias = tuple[str, dict[str, Any]]
"""Physical id, which ``Ref`` returns, and the attributes of ``Fn::GetAtt``."""

Create: TypeAlias = Callable[[str, Properties, str], Created]
"""Takes logical id, properties and the stack's name. ValueError fails the resource with its message."""

Update: TypeAlias = Callable[[str, Properties, Properties, str], Created]
"""Takes physical id, old and new properties and the stack's name. Called only when the properties differ."""

Delete: TypeAlias = Callable[[str, Properties], None]
"""Takes physical id and properties."""

_MODULE = "services.cloudformation.provisioners"


def add_type(name: str, *, create: Create, update: Update, delete: Delete, replacing: tuple[str, ...]) -> None:
    """Add a type.

    Args:
        name: Such as ``AWS::SecretsManager::RotationSchedule``.
        create: Makes the resource.
        update: Changes it in place.
        delete: Removes it.
        replacing: Properties whose change makes a new resource instead.
    """
    emulated(_MODULE, "_RESOURCE_HANDLERS")[name] = {"create": create, "update": update, "delete": delete}
    emulated(_MODULE, "_REPLACING_PROPERTIES")[name] = replacing


def wrap_handler(name: str, handler: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put what *wrapper* makes of a type's handler (``create``, ``update`` or ``delete``) in its place."""
    handlers = emulated(_MODULE, "_RESOURCE_HANDLERS")[name]
    emulated(_MODULE, "_RESOURCE_HANDLERS")[name] = {**handlers, handler: wrapper(handlers[handler])}


def is_true(value: object) -> bool:
    """Tell whether a boolean property, which a template may carry as text, is true."""
    return str(value).lower() == "true"
